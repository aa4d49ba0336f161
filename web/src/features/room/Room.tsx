import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Microphone } from "../../audio/microphone";
import type { Speaker } from "../../audio/speaker";
import { Seat, type SeatOptions } from "../../avatar/session";
import type { Live, LiveOptions, TakeSeat } from "../../interview/controller";
import { isOver, type Leaving, type Scene } from "../../interview/scene";
import type { Session } from "../../session/session";
import { PageTitle } from "../../ui/PageTitle";
import { Captions } from "./Captions";
import { Controls } from "./Controls";
import { EndDialog } from "./EndDialog";
import { Stage } from "./InterviewerView";
import { Rewire } from "./MicrophoneLost";
import { Notices } from "./Notices";
import { useArrival, useAwake, useWarning } from "./page";
import styles from "./Room.module.css";
import { ShortcutSwitch } from "./ShortcutSwitch";
import { useShortcuts } from "./shortcuts";
import { presence } from "./status";
import { TimeBar } from "./TimeBar";
import { useLive } from "./useInterview";

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
  /** What the interviewer's face needs of the world around; none: it has none. */
  avatar?: AvatarDoors | null;
  /** This place has faces to give. */
  offered?: boolean;
}

export type AvatarDoors = Pick<SeatOptions, "renew" | "onkeep" | "open" | "screen" | "patience">;

/** The room the interview is held in. */
export function Room({ session, microphone, speaker, camera, onEnded, dial, avatar, offered }: RoomProps) {
  const seat = useSeat(session, avatar ?? null);
  const [live, scene] = useLive({
    session,
    microphone,
    speaker,
    onended: onEnded,
    ...(dial ? { dial } : {}),
    seat,
  });
  if (!live || !scene) return null;
  return (
    <Interview
      live={live}
      scene={scene}
      session={session}
      speaker={speaker}
      camera={camera}
      offered={offered || session.conversation_url !== null}
    />
  );
}

/** The way to the interviewer's face as the session has it; the same function for as long as that does not change. */
function useSeat({ conversation_url, conversation_token, output }: Session, avatar: AvatarDoors | null) {
  return useMemo<TakeSeat | null>(() => {
    if (!avatar) return null;
    const place = conversation_url === null ? null : { url: conversation_url, token: conversation_token };
    return (hooks) => new Seat({ ...avatar, ...hooks, place, wanted: output !== "voice" });
  }, [avatar, conversation_url, conversation_token, output]);
}

interface InterviewProps extends Pick<RoomProps, "session" | "speaker" | "camera"> {
  live: Live;
  scene: Scene;
  offered: boolean;
}

function Interview({ live, scene, session, speaker, camera, offered }: InterviewProps) {
  const [asking, setAsking] = useState(false);
  const sounding = useSounding(live);
  const level = useCallback(() => live.level(), [live]);
  const voice = useCallback((turn: number, now: number) => live.voice(turn, now), [live]);
  const mute = useCallback((on: boolean) => live.mute(on), [live]);
  const hold = useCallback((on: boolean) => live.hold(on), [live]);
  const video = useCallback((on: boolean) => live.video(on), [live]);
  const [shortcuts, setShortcuts] = useShortcuts();
  const replaced = useReplacement(live);
  const { mood, title, hint } = presence(scene, sounding);
  const over = scene.ending !== null || scene.link.state === "closed";
  useWarning(!isOver(scene));
  const room = useArrival();
  useAwake(!over);

  return (
    <div
      ref={room}
      className={styles.room}
      data-link={scene.link.state}
      data-floor={scene.floor ?? ""}
      data-face={scene.face.is}
    >
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
          warnings={session.warnings ?? []}
          onRedial={() => live.redial()}
          onLeave={(reason) => live.leave(reason)}
          onSound={() => void live.resume()}
          onVideo={() => live.video(true)}
        />
        {scene.microphone === "gone" && !over && (
          <Rewire onOpened={replaced} onType={() => live.changeTo(null)} />
        )}
      </div>
      <Stage
        mood={mood}
        title={title}
        hint={hint}
        speaker={speaker}
        candidate={level}
        camera={camera}
        face={scene.face}
        picture={live.picture}
      />
      <Captions turns={scene.turns} voice={voice} />
      <Controls
        scene={scene}
        level={level}
        shortcuts={shortcuts}
        offered={offered}
        onMute={mute}
        onHold={hold}
        onAnswer={(text) => live.answer(text)}
        onVideo={video}
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
function useSounding(live: Live): boolean {
  const [sounding, setSounding] = useState(false);
  useEffect(() => {
    const timer = setInterval(() => setSounding(live.sounding), 250);
    return () => clearInterval(timer);
  }, [live]);
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
