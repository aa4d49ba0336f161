import { type DragEvent, useId, useRef, useState } from "react";
import { Button } from "../../ui/Button";
import { classes } from "../../ui/classes";
import { FieldError } from "../../ui/Field";
import { Cross, Page } from "../../ui/icons";
import styles from "./CvField.module.css";
import { CV_ACCEPT, megabytes, refuseCv } from "./cv";
import { useDroppedFiles } from "./useDroppedFiles";

interface CvFieldProps {
  file: File | null;
  /** The name of the CV that was chosen before the page was reloaded. */
  lost: string | undefined;
  error: string | undefined;
  /** A file to send, or none; `error`: why the chosen one can't be sent. */
  onChange: (file: File | null, error?: string) => void;
}

/** A field to choose a CV or drop it. The chosen file is shown and can be removed. */
export function CvField({ file, lost, error, onChange }: CvFieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);

  async function take(files: FileList | null): Promise<void> {
    const [chosen] = files ?? [];
    if (!chosen) return;
    if (files && files.length > 1) return onChange(file, "Choose one file only.");
    const refused = await refuseCv(chosen);
    if (refused) onChange(null, refused);
    else onChange(chosen);
  }

  useDroppedFiles((files) => void take(files));

  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files);
  }

  function remove(): void {
    onChange(null);
    input.current?.focus();
  }

  return (
    <div className={styles.field}>
      <label
        className={classes(styles.zone, over && styles.over, file && styles.filled, error && styles.wrong)}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <input
          ref={input}
          id="cv"
          type="file"
          accept={CV_ACCEPT}
          className="visually-hidden"
          aria-label={file ? "Choose another CV" : "Choose your CV"}
          aria-describedby={file ? `${id}-error` : `${id}-hint ${id}-error`}
          aria-invalid={error ? true : undefined}
          onChange={(event) => {
            void take(event.target.files);
            // So that choosing the same file again is a change.
            event.target.value = "";
          }}
        />
        <span className={styles.icon} aria-hidden="true">
          <Page />
        </span>
        {file ? (
          <span className={styles.text}>
            <strong className={styles.name}>{file.name}</strong>
            <span>{megabytes(file.size)}. Click to choose another one.</span>
          </span>
        ) : (
          <span className={styles.text}>
            <strong>{over ? "Drop it here" : lost ? "Choose your CV again" : "Drop your CV here"}</strong>
            {lost && !over ? (
              <span>
                You chose <span className={styles.name}>{lost}</span> before the page was reloaded. A page
                can't open a file by itself.
              </span>
            ) : (
              <span>
                or <u>choose a file</u>
              </span>
            )}
          </span>
        )}
      </label>
      {!file && (
        <p id={`${id}-hint`} className={styles.hint}>
          PDF, DOCX, ODT, RTF or plain text, up to 10 MB. The interviewer will ask about your projects.
        </p>
      )}
      {file && (
        <Button size="small" icon={<Cross />} onClick={remove} className={styles.remove}>
          Remove CV
        </Button>
      )}
      <FieldError id={`${id}-error`} message={error} />
    </div>
  );
}
