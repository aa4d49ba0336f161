import { CvText } from "../../cv/CvText";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { CvField } from "./CvField";
import styles from "./CvPart.module.css";
import type { CvReading, CvReadingControl } from "./useCvReading";

interface CvPartProps {
  file: File | null;
  /** The name of the CV that was chosen before the page was reloaded. */
  lost: string | undefined;
  /** The text as the candidate has changed it; `null`: as it was read. */
  text: string | null;
  control: CvReadingControl;
  fileError: string | undefined;
  textError: string | undefined;
  onFile: (file: File | null, error?: string) => void;
  onText: (text: string | null) => void;
}

/** The CV: the file, and what the interviewer will read of it. */
export function CvPart({ file, lost, text, control, fileError, textError, onFile, onText }: CvPartProps) {
  const { reading, again } = control;
  return (
    <div className={styles.part}>
      <CvField file={file} lost={lost} error={fileError} onChange={onFile} />
      <div role="status" className={styles.status}>
        {statusWords(reading)}
      </div>
      {reading.is === "reading" && (
        <progress
          className={styles.bar}
          max={1}
          value={reading.sent < 1 ? reading.sent : undefined}
          aria-label="CV sent"
        />
      )}
      {reading.is === "read" && (
        <CvText
          cv={reading.cv}
          text={text ?? reading.cv.text ?? ""}
          error={textError}
          onChange={(next) => onText(next === reading.cv.text ? null : next)}
        />
      )}
      {reading.is === "failed" && (
        <Notice
          tone="warning"
          title={reading.problem.title}
          actions={
            <Button size="small" onClick={again}>
              Try again
            </Button>
          }
        >
          <p>{reading.problem.text}</p>
          <p>
            You can also start now. We read your CV then, and show you its text before the interview begins.
          </p>
        </Notice>
      )}
    </div>
  );
}

/** In steps of ten percent, so that screen readers do not announce every change. */
function statusWords(reading: CvReading): string | null {
  switch (reading.is) {
    case "reading":
      return reading.sent < 1
        ? `Sending your CV: ${Math.floor(reading.sent * 10) * 10} %`
        : "Reading your CV";
    case "read":
      return reading.cv.text ? "This is what the interviewer will know about you." : null;
    default:
      return null;
  }
}
