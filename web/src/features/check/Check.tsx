import { useCallback, useEffect, useRef, useState } from "react";
import type { Words } from "../../api/words";
import type { Session } from "../../session/session";
import { Button } from "../../ui/Button";
import { Link } from "../../ui/Link";
import { PageTitle } from "../../ui/PageTitle";
import { CvReview } from "../setup/CvReview";
import { type SendCvText, useCvReview } from "../setup/useCvReview";
import { BeginPanel } from "./BeginPanel";
import { CameraPanel } from "./CameraPanel";
import styles from "./Check.module.css";
import { type Devices, type Doors, stopCamera } from "./doors";
import { MicrophonePanel } from "./MicrophonePanel";
import { OutputChoice, type OutputChoiceProps } from "./OutputChoice";
import { SoundPanel } from "./SoundPanel";
import { type Prepare, useBegin } from "./useBegin";
import { useMicrophone } from "./useMicrophone";
import { useSpeaker } from "./useSpeaker";
import { rememberKinds } from "./usual";

interface CheckProps {
  topic: string;
  /** The interview is under way already: nothing is created, the person comes back to it. */
  returning: boolean;
  hasCv: boolean;
  /** How the interviewer is to be met; none: there is nothing to choose. */
  output?: OutputChoiceProps | null;
  doors: Doors;
  prepare: Prepare;
  /** Keeps the CV's text as the candidate has corrected it; none: it is not shown. */
  sendCvText?: SendCvText;
  onReady: (session: Session, devices: Devices) => void;
  /** The server wants something else filled in. */
  onRefused: (words: Words) => void;
}

/** The device check. Nothing exists on the server before Begin. */
export function Check(props: CheckProps) {
  const { topic, returning, hasCv, output, doors, prepare, sendCvText, onReady, onRefused } = props;
  const review = useCvReview(sendCvText);
  const microphone = useMicrophone(doors);
  const speaker = useSpeaker(doors);
  const [camera, setCamera] = useState<MediaStream | null>(null);
  const shownCamera = useRef<MediaStream | null>(null);

  useEffect(() => () => stopCamera(shownCamera.current), []);

  const showCamera = useCallback((next: MediaStream | null) => {
    stopCamera(shownCamera.current);
    shownCamera.current = next;
    setCamera(next);
  }, []);

  const enter = useCallback(
    async (session: Session) => {
      if (!(await review.pass(session))) return;
      const devices = {
        speaker: await speaker.open(),
        microphone: microphone.handOver(),
        camera: shownCamera.current,
      };
      speaker.handOver();
      shownCamera.current = null;
      rememberKinds(devices);
      onReady(session, devices);
    },
    [microphone.handOver, speaker, onReady, review.pass],
  );

  const { state, begin } = useBegin(prepare, enter, onRefused);

  function start(): void {
    // The sound must be opened inside this click; what comes of it is looked at when it is needed.
    void speaker.open().catch(() => undefined);
    void begin();
  }

  const speaks = microphone.state.is === "on";
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <PageTitle arrives={returning} tab="Check your microphone" className={styles.title}>
          {returning ? "Ready to go back in?" : "Check, check. One, two."}
        </PageTitle>
        <p className={styles.topic}>
          <span className={styles.tag}>{returning ? "Still open" : "Coming up"}</span> {topic}
        </p>
      </header>
      <div className={styles.panels}>
        <MicrophonePanel control={microphone} />
        <div className={styles.beside}>
          <SoundPanel speaker={speaker} />
          <CameraPanel
            camera={camera}
            onToggle={async (on) => showCamera(on ? await doors.openCamera() : null)}
          />
        </div>
        {review.cv && (
          <CvReview cv={review.cv} text={review.text} error={review.error} onChange={review.change} />
        )}
        <BeginPanel
          state={state}
          hasCv={hasCv}
          choice={output && <OutputChoice {...output} />}
          buttons={
            <>
              <Button
                tone={speaks ? "yellow" : "white"}
                size="large"
                pending={state.is === "sending"}
                onClick={start}
              >
                {beginLabel(speaks, returning || review.cv !== null)}
              </Button>
              {speaks && state.is !== "sending" && (
                <Button onClick={microphone.close}>I'd rather type my answers</Button>
              )}
            </>
          }
          back={!returning && state.is !== "sending" && <Link to="/">Back to the set-up</Link>}
        />
      </div>
    </div>
  );
}

function beginLabel(speaks: boolean, returning: boolean): string {
  if (returning) return speaks ? "Go on" : "Go on, typing";
  return speaks ? "Begin the interview" : "Begin, typing my answers";
}
