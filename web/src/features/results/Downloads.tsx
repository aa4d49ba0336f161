import { useState } from "react";
import type { Api, Download as File } from "../../api/client";
import { explain } from "../../api/explanation";
import type { ReportFormat, TranscriptFormat } from "../../api/types";
import type { Session } from "../../session/session";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { FieldError } from "../../ui/Field";
import { Arrow, Download } from "../../ui/icons";
import { save } from "../../ui/save";
import styles from "./Downloads.module.css";

interface Format<T> {
  format: T;
  name: string;
  means: string;
}

const REPORTS: Format<ReportFormat>[] = [
  { format: "docx", name: "DOCX", means: "Word" },
  { format: "md", name: "MD", means: "Markdown" },
  { format: "json", name: "JSON", means: "data" },
];

const TRANSCRIPTS: Format<TranscriptFormat>[] = [
  { format: "docx", name: "DOCX", means: "Word" },
  { format: "txt", name: "TXT", means: "plain text" },
  { format: "md", name: "MD", means: "Markdown" },
  { format: "vtt", name: "VTT", means: "captions" },
  { format: "json", name: "JSON", means: "data" },
];

interface DownloadsProps {
  api: Api;
  session: Session;
  /** There is a summary, and so a report. */
  report: boolean;
  onNew: () => void;
}

/** Downloads of the report and the transcript, the printed page, and a button for the next interview. */
export function Downloads({ api, session, report, onNew }: DownloadsProps) {
  const [busy, setBusy] = useState<string | null>(null);
  const [fault, setFault] = useState<string>();

  async function download(key: string, load: () => Promise<File>): Promise<void> {
    setBusy(key);
    setFault(undefined);
    try {
      save(await load());
    } catch (error) {
      setFault(explain(error).text);
    } finally {
      setBusy(null);
    }
  }

  function list<T extends string>(
    what: "report" | "transcript",
    formats: Format<T>[],
    load: (format: T) => Promise<File>,
  ) {
    return (
      <ul className={styles.formats}>
        {formats.map(({ format, name, means }) => (
          <li key={format}>
            <Button
              size="small"
              icon={<Download />}
              pending={busy === `${what} ${format}`}
              aria-label={`Download the ${what} as ${name}, ${means}`}
              onClick={() => void download(`${what} ${format}`, () => load(format))}
            >
              {name} <span className={styles.means}>{means}</span>
            </Button>
          </li>
        ))}
      </ul>
    );
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
          Download
        </h2>
        {report && (
          <>
            <h3>The whole report</h3>
            <Button size="small" tone="yellow" onClick={() => window.print()}>
              Print or save as PDF
            </Button>
            {list("report", REPORTS, (format) => api.report(session, format))}
          </>
        )}
        <h3>The transcript</h3>
        {list("transcript", TRANSCRIPTS, (format) => api.download(session, format))}
        <FieldError id="download-error" message={fault} />
      </Card>
    </>
  );
}
