import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Api } from "../../api/client";
import type { Config, Receipt } from "../../api/shape";
import type { InterviewRecord } from "../../api/types";
import type { Session } from "../../session/session";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { Announcement } from "./Announcement";
import { Deleted } from "./Deleted";
import { Deletion } from "./Deletion";
import { Downloads } from "./Downloads";
import { Facts } from "./Facts";
import { Gone } from "./Gone";
import { Moments, momentsOf } from "./moments";
import styles from "./Results.module.css";
import { SummaryPart } from "./SummaryPart";
import { TranscriptPart } from "./TranscriptPart";
import type { SendCorrections } from "./useCorrections";
import { useEarlier } from "./useEarlier";
import { useRecord } from "./useRecord";
import { useSummary } from "./useSummary";

interface ResultsProps {
  api: Api;
  config: Config | null;
  session: Session;
  /** An interview of this browser, by its `session_id`. */
  findSession: (sessionId: string) => Session | null;
  /** The session does not exist any longer, or has just been deleted. */
  onGone: () => void;
  /** The server says that the interview is over. */
  onEnded: () => void;
  onNew: () => void;
  /** Practise again. `record`: what the server has of this interview; `null`: it is not loaded. */
  onRetake: (record: InterviewRecord | null) => void;
}

/** For how many days backups keep what was deleted, where the configuration doesn't say. */
const BACKUP_DAYS = 8;

/** The results. The transcript is shown as soon as it is loaded, the summary when it is written. */
export function Results(props: ResultsProps) {
  const { api, config, session, findSession, onGone, onEnded, onNew, onRetake } = props;
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const [corrected, setCorrected] = useState(false);
  const { state, again } = useSummary(api, session);
  const summary = useRef<HTMLDivElement>(null);
  // After the end the transcript is final, but for the corrections; with the summary the record has its duration.
  const over = corrected || state.is === "ready" || (state.is === "pending" && state.progress !== null);
  const version = `${over ? "over" : "open"} ${corrected ? "corrected" : "as heard"}`;
  const { record, transcript, failure, again: loadAgain } = useRecord(api, session, version);
  const earlier = useEarlier(api, findSession, record?.retake_of ?? null);
  const { language } = session;
  const moments = useMemo(
    () => momentsOf(transcript, record?.started_at ?? null, language),
    [transcript, record?.started_at, language],
  );
  const gone = state.is === "gone";

  useEffect(() => {
    if (gone) onGone();
  }, [gone, onGone]);
  useEffect(() => {
    if (over) onEnded();
  }, [over, onEnded]);

  const correct = useCallback<SendCorrections>(
    async (corrections) => {
      await api.correct(session, corrections);
    },
    [api, session],
  );
  const acted = useRef(false);
  const askAgain = useCallback(() => {
    acted.current = true;
    again();
  }, [again]);
  const sent = useCallback(() => {
    setCorrected(true);
    askAgain();
  }, [askAgain]);
  // What was clicked is gone: the focus goes to the top, where the outcome is said.
  // biome-ignore lint/correctness/useExhaustiveDependencies: after every change of the state
  useEffect(() => {
    const lost = document.activeElement === document.body || document.activeElement === null;
    if (acted.current && lost) summary.current?.querySelector<HTMLElement>("#summary")?.focus();
  }, [state, corrected]);

  if (receipt) return <Deleted topic={session.skill_topic} receipt={receipt} onNew={onNew} />;
  if (gone) return <Gone onNew={onNew} />;

  const answer = state.is === "ready" ? state.answer : null;
  const ended = (answer?.ended_reason ?? record?.ended_reason) === "candidate";
  const done = corrected || (record?.corrected_at ?? null) !== null;
  return (
    <Moments value={moments}>
      <Facts session={session} record={record} answer={answer} />
      <Announcement state={state} />
      <div className={styles.page}>
        <div ref={summary} className={styles.summary}>
          <SummaryPart
            {...{ api, state, earlier }}
            who={session}
            level={record?.level ?? session.level}
            byRules={config?.interviewer === "embedded"}
            onAgain={askAgain}
            onRetake={() => onRetake(record)}
          />
        </div>
        <aside className={styles.aside} aria-label="What you can do now">
          <Downloads api={api} session={session} report={answer !== null} onNew={onNew} />
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
            <Notice
              tone="error"
              title="The transcript can't be shown"
              actions={<Button onClick={loadAgain}>Load it again</Button>}
            >
              <p>{failure.text}</p>
            </Notice>
          )}
          {transcript && (
            <TranscriptPart
              transcript={transcript}
              language={language}
              startedAt={record?.started_at ?? null}
              ended={ended}
              correction={done ? "done" : over && record ? "open" : "closed"}
              onSend={correct}
              onSent={sent}
            />
          )}
        </div>
      </div>
    </Moments>
  );
}
