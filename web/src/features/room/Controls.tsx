import { useEffect, useRef } from "react";
import type { AvatarState } from "../../avatar/state";
import { isOver, type Scene } from "../../interview/scene";
import { Button } from "../../ui/Button";
import { classes } from "../../ui/classes";
import { Film, Keyboard, Leave, Microphone } from "../../ui/icons";
import { Meter, type MeterHandle } from "../../ui/Meter";
import { Answer } from "./Answer";
import styles from "./Controls.module.css";
import { HoldButton } from "./HoldButton";
import { useShortcut } from "./shortcuts";
import type { Typing } from "./useTyping";

interface ControlsProps {
  scene: Scene;
  /** How loud the candidate is, 0..1. */
  level: () => number;
  /** Single keys are shortcuts. */
  shortcuts: boolean;
  /** This site offers video. */
  offered: boolean;
  typing: Typing;
  onMute: (on: boolean) => void;
  onHold: (on: boolean) => void;
  onDone: () => void;
  onAnswer: (text: string) => boolean;
  onVideo: (on: boolean) => void;
  onEnd: () => void;
}

/** Mute, time to think, video, typing and ending. On a phone the controls stick to the bottom, and typing is folded away. */
export function Controls(props: ControlsProps) {
  const { scene, level, shortcuts, offered, typing, onMute, onHold, onDone, onAnswer, onVideo, onEnd } =
    props;
  const { microphone, muted, holding, endingAsked } = scene;
  const open = microphone === "open";
  const speaks = open && !muted && scene.begun && !isOver(scene);
  useShortcut("m", open && shortcuts, () => onMute(!muted));

  return (
    <section
      className={styles.controls}
      data-holding={holding}
      data-done={speaks}
      data-video={offered}
      aria-label="Controls"
    >
      <div id="answer" className={classes(styles.answer, typing.shown && styles.typing)}>
        <Answer
          onSend={onAnswer}
          refused={scene.refused}
          connected={scene.link.state === "open"}
          field={typing.field}
        />
      </div>
      <div className={styles.row}>
        {open ? (
          <>
            <Button
              tone={muted ? "red" : "white"}
              icon={<Microphone />}
              aria-pressed={muted}
              aria-keyshortcuts={shortcuts ? "m" : undefined}
              className={styles.mute}
              onClick={() => onMute(!muted)}
            >
              {muted ? "Unmute" : "Mute"}
              {shortcuts && (
                <span className={styles.key} aria-hidden="true">
                  M
                </span>
              )}
            </Button>
            <LevelMeter level={level} />
          </>
        ) : (
          <p className={styles.noMicrophone}>No microphone: type your answers.</p>
        )}
        {scene.begun && !isOver(scene) && (
          <HoldButton
            on={holding}
            shortcut={shortcuts}
            onChange={onHold}
            onDone={speaks ? onDone : undefined}
          />
        )}
        {offered && !isOver(scene) && <VideoSwitch avatar={scene.avatar} onChange={onVideo} />}
        <TypeButton typing={typing} />
        <Button tone="pink" icon={<Leave />} className={styles.end} pending={endingAsked} onClick={onEnd}>
          End<span className={styles.long}> interview</span>
        </Button>
      </div>
    </section>
  );
}

/** Turns the video on and off. It is shown as on while the video is connecting. */
function VideoSwitch({ avatar, onChange }: { avatar: AvatarState; onChange: (on: boolean) => void }) {
  if (avatar.is === "none" || (avatar.is === "failed" && !avatar.retryable)) return null;
  const on = avatar.is !== "off" && avatar.is !== "failed";
  return (
    <Button
      className={styles.video}
      icon={<Film off={!on} />}
      tone={on ? "lime" : "white"}
      role="switch"
      aria-checked={on}
      onClick={() => onChange(!on)}
    >
      Video
    </Button>
  );
}

/** Shows the text field where there is no room for it all the time. */
function TypeButton({ typing: { shown, show } }: { typing: Typing }) {
  return (
    <Button
      className={styles.type}
      icon={<Keyboard />}
      tone={shown ? "yellow" : "white"}
      aria-expanded={shown}
      aria-controls="answer"
      aria-label="Type an answer"
      onClick={() => show(!shown)}
    >
      Type
    </Button>
  );
}

function LevelMeter({ level }: { level: () => number }) {
  const meter = useRef<MeterHandle>(null);
  useEffect(() => {
    let frame = requestAnimationFrame(function draw() {
      meter.current?.show(level());
      frame = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(frame);
  }, [level]);
  return <Meter ref={meter} label="Your microphone" className={styles.meter ?? ""} />;
}
