import { useCallback, useEffect, useRef, useState } from "react";
import type { Explanation } from "../../api/explanation";
import { type Devices, type MediaAccess, stopCamera } from "../../media/access";
import { rememberKinds } from "../../media/preferences";
import { Link } from "../../navigation/Link";
import type { Session } from "../../session/session";
import { Button } from "../../ui/Button";
import { classes } from "../../ui/classes";
import { PageTitle } from "../../ui/PageTitle";
import { BeginPanel } from "./BeginPanel";
import { CameraPanel } from "./CameraPanel";
import styles from "./Check.module.css";
import { CvReview } from "./CvReview";
import { MicrophonePanel } from "./MicrophonePanel";
import { OutputChoice, type OutputChoiceProps } from "./OutputChoice";
import { SoundPanel } from "./SoundPanel";
import { type Prepare, useBegin } from "./useBegin";
import { type SendCvText, useCvReview } from "./useCvReview";
import { useMicrophone } from "./useMicrophone";
import { useSpeaker } from "./useSpeaker";

interface CheckProps {
  topic: string;
  /** The one question that is practised; `null`: a whole interview. */
  question?: string | null;
  /** The interview has started before: nothing is created, the candidate returns to it. */
  returning: boolean;
  hasCv: boolean;
  /** The choice between video and voice; none: this site has no video. */
  output?: OutputChoiceProps | null;
  media: MediaAccess;
  prepare: Prepare;
  /** Whether the candidate has seen this text of the CV before. */
  seen?: (text: string) => boolean;
  /** Sends the CV's text as the candidate has corrected it; none: the text is not shown. */
  sendCvText?: SendCvText;
  onReady: (session: Session, devices: Devices) => void;
  /** The server refused a field of the form. */
  onRefused: (problem: Explanation) => void;
}

/**
 * The device check, in the order in which it is needed: the microphone, Begin, then what is not required: sound and camera.
 * Begin creates the interview on the server.
 */
export function Check(props: CheckProps) {
  const {
    topic,
    question = null,
    returning,
    hasCv,
    output,
    media,
    prepare,
    seen,
    sendCvText,
    onReady,
    onRefused,
  } = props;
  const review = useCvReview(sendCvText, seen);
  const microphone = useMicrophone(media);
  const speaker = useSpeaker(media);
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
      // The interviewer speaks next: what was recorded here is not played on in the room.
      devices.speaker.interrupt();
      speaker.handOver();
      shownCamera.current = null;
      rememberKinds(devices);
      onReady(session, devices);
    },
    [microphone.handOver, speaker, onReady, review.pass],
  );

  const { state, begin } = useBegin(prepare, enter, onRefused);

  function start(): void {
    // The speaker must be opened inside this click; an error is handled when the speaker is needed.
    void speaker.open().catch(() => undefined);
    void begin();
  }

  const withMicrophone = microphone.state.is === "on";
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <PageTitle arrives={returning} tab="Check your devices" className={styles.title}>
          {returning ? "Ready to go back in?" : "Check your devices"}
        </PageTitle>
        <p className={classes(styles.topic, "clamped")} title={topic}>
          <span className={styles.tag}>{returning ? "In progress" : "Next"}</span> {topic}
        </p>
        {question && (
          <p className={styles.topic} dir="auto">
            One question: {question}
          </p>
        )}
      </header>
      <div className={styles.panels}>
        <MicrophonePanel control={microphone} speaker={speaker} />
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
                tone={withMicrophone ? "yellow" : "white"}
                size="large"
                pending={state.is === "sending"}
                onClick={start}
              >
                {beginLabel(withMicrophone, returning || review.cv !== null)}
              </Button>
              {withMicrophone && state.is !== "sending" && (
                <Button onClick={microphone.close}>I'd rather type</Button>
              )}
            </>
          }
          back={!returning && state.is !== "sending" && <Link to="/">Back to set-up</Link>}
        />
        <div className={styles.beside}>
          <SoundPanel speaker={speaker} media={media} />
          <CameraPanel
            camera={camera}
            onToggle={async (on) => showCamera(on ? await media.openCamera() : null)}
          />
        </div>
      </div>
    </div>
  );
}

function beginLabel(withMicrophone: boolean, returning: boolean): string {
  if (returning) return withMicrophone ? "Continue" : "Continue and type my answers";
  return withMicrophone ? "Begin the interview" : "Begin and type my answers";
}
