import { useEffect, useRef } from "react";
import type { Speaker } from "../../audio/speaker";
import type { Face } from "../../avatar/session";
import { Figure } from "../../figure/Figure";
import type { Mood } from "../../figure/pose";
import styles from "./InterviewerView.module.css";

interface StageProps {
  mood: Mood;
  /** Who is speaking, in words. */
  title: string;
  hint: string;
  speaker: Speaker;
  candidate: () => number;
  camera: MediaStream | null;
  face: Face;
  /** The interviewer on video, shown while its face is there. */
  picture: HTMLElement | null;
}

/**
 * Where the interviewer is seen, on video or drawn, with who is speaking in words below it, and the person in a corner.
 */
export function Stage(props: StageProps) {
  const { mood, title, hint, speaker, candidate, camera, face, picture } = props;
  return (
    <section className={styles.stage} data-mood={mood} data-face={face.is} aria-label="Interviewer">
      <div className={styles.picture}>
        <Figure mood={mood} speaker={speaker} candidate={candidate} />
        {picture && <Screen picture={picture} />}
        {face.is === "coming" && <p className={styles.coming}>Video is connecting</p>}
      </div>
      <div className={styles.floor} role="status">
        <Signal mood={mood} />
        <p>
          <strong>{title}</strong> <span className={styles.hint}>{hint}</span>
        </p>
      </div>
      {camera && <Mirror camera={camera} />}
    </section>
  );
}

/** The video lies over the drawing, and fades in when there is something to see. */
function Screen({ picture }: { picture: HTMLElement }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.append(picture);
    return () => picture.remove();
  }, [picture]);
  return <div ref={place} className={styles.screen} />;
}

/** The state as a shape, for those who do not tell the colours apart. */
function Signal({ mood }: { mood: Mood }) {
  return (
    <svg className={styles.signal} viewBox="0 0 40 40" aria-hidden="true">
      {mood === "speaking" && <path d="M5 15V25M13 9V31M21 4V36M29 11V29M36 16V24" />}
      {mood === "listening" && <path d="M14 4H26V21H14ZM6 18V22C6 29 12 31 20 31S34 29 34 22V18M20 31V38" />}
      {mood === "waiting" && <path d="M13 7V33M27 7V33" className={styles.dots} />}
      {mood === "thinking" && <path d="M7 20H8M20 20H21M33 20H34" className={styles.dots} />}
      {mood === "away" && <path d="M7 7L33 33M33 7L7 33" />}
    </svg>
  );
}

/** The person's own picture, mirrored as people know themselves. It goes nowhere. */
function Mirror({ camera }: { camera: MediaStream }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = camera;
  }, [camera]);
  return (
    <figure className={styles.mirror}>
      <video ref={video} autoPlay muted playsInline aria-label="You, seen only here" />
      <figcaption aria-hidden="true">You</figcaption>
    </figure>
  );
}
