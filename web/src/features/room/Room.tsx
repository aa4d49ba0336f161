import { useCallback, useEffect, useMemo, useState } from "react";
import type { Microphone } from "../../audio/microphone";
import type { Speaker } from "../../audio/speaker";
import { AvatarSession, type AvatarSessionOptions } from "../../avatar/session";
import type { ControllerOptions, InterviewController, OpenAvatarSession } from "../../interview/controller";
import { isOver, type Leaving, type Scene } from "../../interview/scene";
import { browserMedia, type MediaAccess } from "../../media/access";
import { LoudspeakerChoice } from "../../media/LoudspeakerChoice";
import type { Session } from "../../session/session";
import { LiveRegion } from "../../ui/LiveRegion";
import { PageTitle } from "../../ui/PageTitle";
import { usePreference, useSwitch } from "../../ui/preferences";
import { Captions } from "./Captions";
import { Controls } from "./Controls";
import { CAPTION_SIZES } from "./captionSize";
import { EndDialog } from "./EndDialog";
import { InterviewerView } from "./InterviewerView";
import { MicrophoneChanged } from "./MicrophoneChanged";
import { MicrophoneLost } from "./MicrophoneLost";
import { Notices } from "./Notices";
import { Preferences } from "./Preferences";
import { useArrival, useAwake, useLow, useWarning } from "./page";
import styles from "./Room.module.css";
import { presence } from "./status";
import { TimeBar } from "./TimeBar";
import { Unheard } from "./Unheard";
import { useInterview } from "./useInterview";
import { useMicrophone } from "./useMicrophone";
import { useTyping } from "./useTyping";
import { useUnheard } from "./useUnheard";

export interface RoomProps {
  session: Session;
  /** `null`: answers are typed. Microphone, speaker and camera stay open when the room is left. */
  microphone: Microphone | null;
  speaker: Speaker;
  /** Shown to the candidate only; it is not sent anywhere. */
  camera: MediaStream | null;
  /** Access to the devices that can be chosen in the room; by default the browser's. */
  media?: RoomMedia;
  /** The interview is over, or can't go on. Called once. */
  onEnded: (reason: Leaving) => void;
  /** Connects to the relay; by default by WebSocket. */
  connect?: ControllerOptions["connect"];
  /** What an avatar session needs; none: there is no video. */
  avatar?: AvatarOptions | null;
  /** This site offers video. */
  offered?: boolean;
}

export type RoomMedia = Pick<MediaAccess, "openMicrophone" | "microphones" | "loudspeakers">;

export type AvatarOptions = Pick<AvatarSessionOptions, "renew" | "onkeep" | "open" | "screen" | "timeouts">;

/** The page of a running interview. */
export function Room(props: RoomProps) {
  const { session, microphone, speaker, camera, media, onEnded, connect, avatar, offered } = props;
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
      media={media ?? browserMedia}
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
  media: RoomMedia;
  offered: boolean;
}

function Interview({ interview, scene, session, speaker, camera, media, offered }: InterviewProps) {
  const [asking, setAsking] = useState(false);
  const sounding = useSounding(interview);
  const level = useCallback(() => interview.level(), [interview]);
  const voice = useCallback((turn: number, now: number) => interview.progress(turn, now), [interview]);
  const mute = useCallback((on: boolean) => interview.mute(on), [interview]);
  const hold = useCallback((on: boolean) => interview.hold(on), [interview]);
  const video = useCallback((on: boolean) => interview.video(on), [interview]);
  const playThrough = useCallback((device: string) => interview.playThrough(device), [interview]);
  const microphone = useMicrophone(interview, scene, media);
  const [shortcuts, setShortcuts] = useSwitch("shortcuts", true);
  const [size, setSize] = usePreference("captions", CAPTION_SIZES);
  const [aloud, setAloud] = useSwitch("aloud", true);
  const [still, setStill] = useSwitch("still", false);
  const typing = useTyping(scene.microphone !== "open");
  const unheard = useUnheard(interview, scene, sounding, typing.shown, typing.field);
  const { activity, title, hint } = presence(scene, sounding);
  const over = scene.ending !== null || scene.link.state === "closed";
  const paused = scene.link.state === "closed" && scene.link.why === "suspended";
  useWarning(!isOver(scene));
  const room = useArrival();
  const low = useLow(room);
  useAwake(!over);

  /** Connects again, inside the click that may start sound and open a microphone. */
  function reconnect() {
    void interview.resume();
    interview.reconnect();
    // Without one the room asks the candidate what to do.
    if (scene.microphone === "gone") void microphone.open().catch(() => undefined);
  }

  return (
    <div
      ref={room}
      className={styles.room}
      data-link={scene.link.state}
      data-floor={scene.floor ?? ""}
      data-avatar={scene.avatar.is}
      data-low={low}
    >
      <div className={styles.head}>
        <header className={styles.top}>
          <div className={styles.subject}>
            <p className={styles.level}>{session.level}</p>
            <PageTitle
              tab={`Interview: ${session.skill_topic}`}
              className={styles.topic}
              title={session.skill_topic}
            >
              {session.skill_topic}
            </PageTitle>
          </div>
          <TimeBar clock={scene.clock} running={!over || paused} highlighted={activity === "waiting"} />
        </header>
        <LiveRegion className={styles.notices}>
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
          {!over && microphone.lost && (
            <MicrophoneLost media={media} onOpen={microphone.open} onType={microphone.type} />
          )}
          {!over && microphone.change && <MicrophoneChanged change={microphone.change} />}
          {!over && unheard && (
            <Unheard
              cause={unheard}
              media={media}
              onOpen={microphone.open}
              onType={() => typing.show(true)}
            />
          )}
        </LiveRegion>
      </div>
      <InterviewerView
        activity={activity}
        typed={scene.microphone !== "open"}
        title={title}
        hint={hint}
        speaker={speaker}
        candidate={level}
        camera={camera}
        avatar={scene.avatar}
        picture={interview.picture}
        still={still}
      />
      <Captions
        turns={scene.turns}
        voice={voice}
        question={scene.question}
        sending={scene.sending}
        link={scene.link.state}
        onSendAgain={() => interview.sendAgain()}
        language={session.language}
        size={size}
        aloud={aloud}
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
      <div className={styles.foot}>
        <Preferences
          size={{ is: size, onChange: setSize }}
          aloud={{ is: aloud, onChange: setAloud }}
          still={{ is: still, onChange: setStill }}
          shortcuts={{ is: shortcuts, onChange: setShortcuts }}
          speaks={scene.microphone === "open"}
        />
        <LoudspeakerChoice speaker={speaker} media={media} onChosen={playThrough} />
      </div>
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
