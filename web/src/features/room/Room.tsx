import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type Microphone, openMicrophone } from "../../audio/microphone";
import type { Speaker } from "../../audio/speaker";
import { AvatarSession, type AvatarSessionOptions } from "../../avatar/session";
import type { ControllerOptions, InterviewController, OpenAvatarSession } from "../../interview/controller";
import { isOver, type Leaving, type Scene } from "../../interview/scene";
import type { Session } from "../../session/session";
import { PageTitle } from "../../ui/PageTitle";
import { Captions } from "./Captions";
import { Controls } from "./Controls";
import { EndDialog } from "./EndDialog";
import { InterviewerView } from "./InterviewerView";
import { MicrophoneLost } from "./MicrophoneLost";
import { Notices } from "./Notices";
import { useArrival, useAwake, useWarning } from "./page";
import styles from "./Room.module.css";
import { ShortcutSwitch } from "./ShortcutSwitch";
import { useShortcuts } from "./shortcuts";
import { presence } from "./status";
import { TimeBar } from "./TimeBar";
import { useInterview } from "./useInterview";
import { useTyping } from "./useTyping";

export interface RoomProps {
  session: Session;
  /** `null`: answers are typed. Microphone, speaker and camera stay open when the room is left. */
  microphone: Microphone | null;
  speaker: Speaker;
  /** Shown to the candidate only; it is not sent anywhere. */
  camera: MediaStream | null;
  /** The interview is over, or can't go on. Called once. */
  onEnded: (reason: Leaving) => void;
  /** Connects to the relay; by default by WebSocket. */
  connect?: ControllerOptions["connect"];
  /** What an avatar session needs; none: there is no video. */
  avatar?: AvatarOptions | null;
  /** This site offers video. */
  offered?: boolean;
}

export type AvatarOptions = Pick<AvatarSessionOptions, "renew" | "onkeep" | "open" | "screen" | "timeouts">;

/** The page of a running interview. */
export function Room({ session, microphone, speaker, camera, onEnded, connect, avatar, offered }: RoomProps) {
  const avatarSession = useAvatarSession(session, avatar ?? null);
  const [interview, scene] = useInterview({
    session,
    microphone,
    speaker,
    onended: onEnded,
    ...(connect ? { connect } : {}),
    avatar: avatarSession,
  });
  if (!interview || !scene) return null;
  return (
    <Interview
      interview={interview}
      scene={scene}
      session={session}
      speaker={speaker}
      camera={camera}
      offered={offered || session.conversation_url !== null}
    />
  );
}

/** Opens the avatar session of this interview; the same function until the session changes. */
function useAvatarSession(
  { conversation_url, conversation_token, output }: Session,
  avatar: AvatarOptions | null,
) {
  return useMemo<OpenAvatarSession | null>(() => {
    if (!avatar) return null;
    const address = conversation_url === null ? null : { url: conversation_url, token: conversation_token };
    return (hooks) => new AvatarSession({ ...avatar, ...hooks, address, wanted: output !== "voice" });
  }, [avatar, conversation_url, conversation_token, output]);
}

interface InterviewProps extends Pick<RoomProps, "session" | "speaker" | "camera"> {
  interview: InterviewController;
  scene: Scene;
  offered: boolean;
}

function Interview({ interview, scene, session, speaker, camera, offered }: InterviewProps) {
  const [asking, setAsking] = useState(false);
  const sounding = useSounding(interview);
  const level = useCallback(() => interview.level(), [interview]);
  const voice = useCallback((turn: number, now: number) => interview.progress(turn, now), [interview]);
  const mute = useCallback((on: boolean) => interview.mute(on), [interview]);
  const hold = useCallback((on: boolean) => interview.hold(on), [interview]);
  const video = useCallback((on: boolean) => interview.video(on), [interview]);
  const [shortcuts, setShortcuts] = useShortcuts();
  const replaced = useReplacement(interview);
  const typing = useTyping(scene.microphone !== "open");
  const { activity, title, hint } = presence(scene, sounding);
  const over = scene.ending !== null || scene.link.state === "closed";
  const paused = scene.link.state === "closed" && scene.link.why === "suspended";
  useWarning(!isOver(scene));
  const room = useArrival();
  useAwake(!over);

  /** Connects again, inside the click that may start sound and open a microphone. */
  function reconnect() {
    void interview.resume();
    interview.reconnect();
    // Without one the room asks the candidate what to do.
    if (scene.microphone === "gone") void openMicrophone().then(replaced, () => undefined);
  }

  return (
    <div
      ref={room}
      className={styles.room}
      data-link={scene.link.state}
      data-floor={scene.floor ?? ""}
      data-avatar={scene.avatar.is}
    >
      <div className={styles.head}>
        <header className={styles.top}>
          <div className={styles.subject}>
            <p className={styles.level}>{session.level}</p>
            <PageTitle tab={`Interview: ${session.skill_topic}`} className={styles.topic ?? ""}>
              {session.skill_topic}
            </PageTitle>
          </div>
          <TimeBar clock={scene.clock} running={!over || paused} highlighted={activity === "waiting"} />
        </header>
        <Notices
          scene={scene}
          warnings={session.warnings ?? []}
          onReconnect={reconnect}
          onLeave={(reason) => interview.leave(reason)}
          onSound={() => void interview.resume()}
          onVideo={() => interview.video(true)}
          onHold={() => hold(true)}
          onType={() => typing.show(true)}
        />
        {scene.microphone === "gone" && !over && (
          <MicrophoneLost onOpened={replaced} onType={() => interview.changeTo(null)} />
        )}
      </div>
      <InterviewerView
        activity={activity}
        title={title}
        hint={hint}
        speaker={speaker}
        candidate={level}
        camera={camera}
        avatar={scene.avatar}
        picture={interview.picture}
      />
      <Captions
        turns={scene.turns}
        voice={voice}
        question={scene.question}
        sending={scene.sending}
        link={scene.link.state}
        onSendAgain={() => interview.sendAgain()}
      />
      <Controls
        scene={scene}
        level={level}
        shortcuts={shortcuts}
        offered={offered}
        typing={typing}
        onMute={mute}
        onHold={hold}
        onDone={() => interview.done()}
        onAnswer={(text) => interview.answer(text)}
        onVideo={video}
        onEnd={() => setAsking(true)}
      />
      <ShortcutSwitch on={shortcuts} onChange={setShortcuts} />
      <EndDialog
        open={asking && scene.ending === null}
        onStay={() => setAsking(false)}
        onEnd={() => {
          setAsking(false);
          interview.end();
        }}
      />
    </div>
  );
}

/** Whether the interviewer can be heard, checked four times a second. */
function useSounding(interview: InterviewController): boolean {
  const [sounding, setSounding] = useState(false);
  useEffect(() => {
    const timer = setInterval(() => setSounding(interview.sounding), 250);
    return () => clearInterval(timer);
  }, [interview]);
  return sounding;
}

/** Uses a microphone that was opened in the room, and closes it when it is replaced or the room is left. */
function useReplacement(interview: InterviewController): (microphone: Microphone) => void {
  const opened = useRef<Microphone | null>(null);
  useEffect(() => () => opened.current?.stop(), []);
  return (microphone) => {
    opened.current?.stop();
    opened.current = microphone;
    interview.changeTo(microphone);
  };
}
