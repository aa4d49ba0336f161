import { useEffect, useRef } from "react";
import type { Speaker } from "../../audio/speaker";
import type { AvatarState } from "../../avatar/state";
import { Figure } from "../../figure/Figure";
import type { Activity } from "../../figure/pose";
import styles from "./InterviewerView.module.css";

interface InterviewerViewProps {
  activity: Activity;
  /** The candidate types: there is no microphone. */
  typed: boolean;
  /** Who is speaking, as text. */
  title: string;
  hint: string;
  speaker: Speaker;
  candidate: () => number;
  camera: MediaStream | null;
  avatar: AvatarState;
  /** The element with the interviewer on video, visible while the avatar is connected. */
  picture: HTMLElement | null;
  /** The drawing doesn't move. */
  still: boolean;
}

/** The interviewer, on video or drawn, with a status line below it and the candidate's own picture in a corner. */
export function InterviewerView(props: InterviewerViewProps) {
  const { activity, typed, title, hint, speaker, candidate, camera, avatar, picture, still } = props;
  return (
    <section
      className={styles.interviewer}
      data-activity={activity}
      data-avatar={avatar.is}
      aria-label="Interviewer"
    >
      <div className={styles.picture}>
        <Figure activity={activity} speaker={speaker} candidate={candidate} still={still} />
        {picture && <Screen picture={picture} />}
        {avatar.is === "connecting" && <p className={styles.coming}>Video is connecting</p>}
      </div>
      <div className={styles.floor} role="status">
        <Signal activity={activity} typed={typed} />
        <p>
          <strong>{title}</strong> <span className={styles.hint}>{hint}</span>
        </p>
      </div>
      {camera && <Mirror camera={camera} />}
    </section>
  );
}

/** The video lies over the drawing, and fades in when the avatar is connected. */
function Screen({ picture }: { picture: HTMLElement }) {
  const address = useRef<HTMLDivElement>(null);
  useEffect(() => {
    address.current?.append(picture);
    return () => picture.remove();
  }, [picture]);
  return <div ref={address} className={styles.screen} />;
}

/** The text cursor, in place of a microphone. */
const CURSOR = "M11 5H29M20 5V35M11 35H29";

/** The state as a shape, for people who can't tell the colours apart. */
function Signal({ activity, typed }: Pick<InterviewerViewProps, "activity" | "typed">) {
  return (
    <svg className={styles.signal} viewBox="0 0 40 40" aria-hidden="true">
      {activity === "speaking" && <path d="M5 15V25M13 9V31M21 4V36M29 11V29M36 16V24" />}
      {activity === "listening" && (
        <path d={typed ? CURSOR : "M14 4H26V21H14ZM6 18V22C6 29 12 31 20 31S34 29 34 22V18M20 31V38"} />
      )}
      {activity === "waiting" && <path d="M13 7V33M27 7V33" className={styles.dots} />}
      {activity === "thinking" && <path d="M7 20H8M20 20H21M33 20H34" className={styles.dots} />}
      {activity === "away" && <path d="M7 7L33 33M33 7L7 33" />}
    </svg>
  );
}

/** The candidate's own camera, mirrored. It is not sent anywhere. */
function Mirror({ camera }: { camera: MediaStream }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = camera;
  }, [camera]);
  return (
    <figure className={styles.mirror}>
      <video ref={video} autoPlay muted playsInline aria-label="Your camera, visible only to you" />
      <figcaption aria-hidden="true">You</figcaption>
    </figure>
  );
}
