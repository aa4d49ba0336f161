import { useCallback, useEffect, useRef, useState } from "react";
import type { Microphone } from "../../audio/microphone";
import type { Speaker } from "../../audio/speaker";
import type { Session } from "../../session/session";
import { PageTitle } from "../../ui/PageTitle";
import { Captions } from "./Captions";
import { Controls } from "./Controls";
import { EndDialog } from "./EndDialog";
import type { Live, LiveOptions } from "./live";
import { Notices } from "./Notices";
import { useArrival, useAwake, useWarning } from "./page";
import { Rewire } from "./Rewire";
import styles from "./Room.module.css";
import { ShortcutSwitch } from "./ShortcutSwitch";
import { Stage } from "./Stage";
import { isOver, type Leaving, type Scene } from "./scene";
import { useShortcuts } from "./shortcuts";
import { TimeBar } from "./TimeBar";
import { useLive } from "./useLive";
import { presence } from "./words";

export interface RoomProps {
  session: Session;
  /** None: answers are typed. It stays open when the room goes, as do speaker and camera. */
  microphone: Microphone | null;
  speaker: Speaker;
  /** Shown to the person themselves, sent nowhere. */
  camera: MediaStream | null;
  /** The interview is over, or can't go on; called once. */
  onEnded: (reason: Leaving) => void;
  /** Puts a line through to the relay, if not by WebSocket. */
  dial?: LiveOptions["dial"];
}

/** The room the interview is held in. */
export function Room({ session, microphone, speaker, camera, onEnded, dial }: RoomProps) {
  const [live, scene] = useLive({
    session,
    microphone,
    speaker,
    onended: onEnded,
    ...(dial ? { dial } : {}),
  });
  if (!live || !scene) return null;
  return <Interview live={live} scene={scene} session={session} speaker={speaker} camera={camera} />;
}

interface InterviewProps extends Pick<RoomProps, "session" | "speaker" | "camera"> {
  live: Live;
  scene: Scene;
}

function Interview({ live, scene, session, speaker, camera }: InterviewProps) {
  const [asking, setAsking] = useState(false);
  const sounding = useSounding(speaker);
  const level = useCallback(() => live.level(), [live]);
  const voice = useCallback((turn: number, now: number) => live.voice(turn, now), [live]);
  const mute = useCallback((on: boolean) => live.mute(on), [live]);
  const hold = useCallback((on: boolean) => live.hold(on), [live]);
  const [shortcuts, setShortcuts] = useShortcuts();
  const replaced = useReplacement(live);
  const { mood, title, hint } = presence(scene, sounding);
  const over = scene.ending !== null || scene.link.state === "closed";
  useWarning(!isOver(scene));
  const room = useArrival();
  useAwake(!over);

  return (
    <div ref={room} className={styles.room} data-link={scene.link.state} data-floor={scene.floor ?? ""}>
      <div className={styles.head}>
        <header className={styles.top}>
          <div className={styles.subject}>
            <p className={styles.level}>{session.level}</p>
            <PageTitle tab={`Interview: ${session.skill_topic}`} className={styles.topic ?? ""}>
              {session.skill_topic}
            </PageTitle>
          </div>
          <TimeBar clock={scene.clock} running={!over} marked={mood === "waiting"} />
        </header>
        <Notices
          scene={scene}
          onRedial={() => live.redial()}
          onLeave={(reason) => live.leave(reason)}
          onSound={() => void live.resume()}
        />
        {scene.microphone === "gone" && !over && (
          <Rewire onOpened={replaced} onType={() => live.changeTo(null)} />
        )}
      </div>
      <Stage mood={mood} title={title} hint={hint} speaker={speaker} candidate={level} camera={camera} />
      <Captions turns={scene.turns} voice={voice} />
      <Controls
        scene={scene}
        level={level}
        shortcuts={shortcuts}
        onMute={mute}
        onHold={hold}
        onAnswer={(text) => live.answer(text)}
        onEnd={() => setAsking(true)}
      />
      <ShortcutSwitch on={shortcuts} onChange={setShortcuts} />
      <EndDialog
        open={asking && scene.ending === null}
        onStay={() => setAsking(false)}
        onEnd={() => {
          setAsking(false);
          live.end();
        }}
      />
    </div>
  );
}

/** Whether the interviewer is heard, looked at four times a second. */
function useSounding(speaker: Speaker): boolean {
  const [sounding, setSounding] = useState(false);
  useEffect(() => {
    const timer = setInterval(() => setSounding(!speaker.idle && speaker.state === "running"), 250);
    return () => clearInterval(timer);
  }, [speaker]);
  return sounding;
}

/** Takes a microphone that was opened here into use; the room that opened it also lets go of it. */
function useReplacement(live: Live): (microphone: Microphone) => void {
  const opened = useRef<Microphone | null>(null);
  useEffect(() => () => opened.current?.stop(), []);
  return (microphone) => {
    opened.current?.stop();
    opened.current = microphone;
    live.changeTo(microphone);
  };
}
