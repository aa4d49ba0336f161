import { useEffect, useState } from "react";
import type { Api } from "../../api/client";
import type { Config, Receipt } from "../../api/shape";
import type { Session } from "../../session/session";
import { Notice } from "../../ui/Notice";
import { Deleted } from "./Deleted";
import { Deletion } from "./Deletion";
import { Downloads } from "./Downloads";
import { Facts } from "./Facts";
import { Gone } from "./Gone";
import styles from "./Results.module.css";
import { SummaryPart } from "./SummaryPart";
import { TranscriptPart } from "./TranscriptPart";
import { useRecord } from "./useRecord";
import { useSummary } from "./useSummary";

interface ResultsProps {
  api: Api;
  config: Config | null;
  session: Session;
  /** The session does not exist any longer, or has just been deleted. */
  onGone: () => void;
  /** The server says that the interview is over. */
  onEnded: () => void;
  onNew: () => void;
}

/** For how many days backups keep what was deleted, where the configuration doesn't say. */
const BACKUP_DAYS = 8;

/** The results. The transcript is shown as soon as it is loaded, the summary when it is written. */
export function Results({ api, config, session, onGone, onEnded, onNew }: ResultsProps) {
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const { state, again } = useSummary(api, session);
  // After the end the transcript is final; with the summary the record has its duration.
  const over = state.is === "ready" || state.is === "late" || (state.is === "writing" && state.ended);
  const { record, transcript, failure } = useRecord(api, session, over ? "over" : "open");
  const gone = state.is === "gone";

  useEffect(() => {
    if (gone) onGone();
  }, [gone, onGone]);
  useEffect(() => {
    if (over) onEnded();
  }, [over, onEnded]);

  if (receipt) return <Deleted topic={session.skill_topic} receipt={receipt} onNew={onNew} />;
  if (gone) return <Gone onNew={onNew} />;

  const answer = state.is === "ready" ? state.answer : null;
  return (
    <>
      <Facts session={session} record={record} answer={answer} />
      <div className={styles.page}>
        <div className={styles.summary}>
          <SummaryPart
            state={state}
            byRules={config?.interviewer === "embedded"}
            turns={transcript?.turns ?? []}
            onAgain={again}
          />
        </div>
        <aside className={styles.aside} aria-label="What you can do now">
          <Downloads api={api} session={session} onNew={onNew} />
          <Deletion
            api={api}
            session={session}
            backupDays={config?.backup_days ?? BACKUP_DAYS}
            expiresAt={record?.expires_at || session.expires_at}
            onErased={(given) => {
              setReceipt(given);
              onGone();
            }}
          />
        </aside>
        <div className={styles.transcript}>
          {failure && !transcript && (
            <Notice tone="error" title="The transcript can't be shown">
              <p>{failure.text}</p>
            </Notice>
          )}
          <TranscriptPart transcript={transcript} startedAt={record?.started_at ?? null} />
        </div>
      </div>
    </>
  );
}
