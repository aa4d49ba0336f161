import { useState } from "react";
import type { Api } from "../../api/client";
import { explain } from "../../api/explanation";
import type { TranscriptFormat } from "../../api/types";
import type { Session } from "../../session/session";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { FieldError } from "../../ui/Field";
import { Arrow, Download } from "../../ui/icons";
import styles from "./Downloads.module.css";
import { save } from "./save";

const FORMATS: { format: TranscriptFormat; name: string; means: string }[] = [
  { format: "docx", name: "DOCX", means: "Word" },
  { format: "txt", name: "TXT", means: "plain text" },
  { format: "md", name: "MD", means: "Markdown" },
  { format: "vtt", name: "VTT", means: "captions" },
  { format: "json", name: "JSON", means: "data" },
];

interface DownloadsProps {
  api: Api;
  session: Session;
  onNew: () => void;
}

/** Downloads of the transcript, and a button for the next interview. */
export function Downloads({ api, session, onNew }: DownloadsProps) {
  const [busy, setBusy] = useState<TranscriptFormat | null>(null);
  const [fault, setFault] = useState<string>();

  async function download(format: TranscriptFormat): Promise<void> {
    setBusy(format);
    setFault(undefined);
    try {
      save(await api.download(session, format));
    } catch (error) {
      setFault(explain(error).text);
    } finally {
      setBusy(null);
    }
  }

  return (
    <>
      <Button tone="pink" size="large" className={styles.again} onClick={onNew}>
        <span className={styles.label}>
          Start new interview <Arrow />
        </span>
      </Button>
      <Card tone="sky" className={styles.card} aria-labelledby="downloads">
        <h2 id="downloads" className={styles.title}>
          Download the transcript
        </h2>
        <ul className={styles.formats}>
          {FORMATS.map(({ format, name, means }) => (
            <li key={format}>
              <Button
                size="small"
                icon={<Download />}
                pending={busy === format}
                aria-label={`Download as ${name}, ${means}`}
                onClick={() => void download(format)}
              >
                {name} <span className={styles.means}>{means}</span>
              </Button>
            </li>
          ))}
        </ul>
        <FieldError id="download-error" message={fault} />
      </Card>
    </>
  );
}
