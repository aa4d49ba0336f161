import type { EndAnswer, EndedReason, InterviewRecord } from "../../api/types";
import type { Session } from "../../session/session";
import { PageTitle } from "../../ui/PageTitle";
import { day, duration } from "../../ui/time";
import styles from "./Facts.module.css";

const ENDED: Record<EndedReason, string> = {
  interviewer: "by the interviewer",
  candidate: "by you",
  time_limit: "because the time was up",
  failed: "because of an error on our side",
  abandoned: "because you did not return",
};

/** Whether the interviewer was on video, as text; `null`: by voice only. */
function videoText(avatar: InterviewRecord["avatar"]): string | null {
  const outputs = avatar?.changes.map(({ output }) => output) ?? [];
  if (!outputs.includes("avatar")) return null;
  return outputs.includes("voice") ? "partly on video" : "on video";
}

interface FactsProps {
  session: Session;
  record: InterviewRecord | null;
  answer: EndAnswer | null;
}

/** Topic, level, duration and end of the interview. */
export function Facts({ session, record, answer }: FactsProps) {
  const seconds = answer?.duration_seconds ?? record?.duration_seconds ?? null;
  const reason = answer?.ended_reason ?? record?.ended_reason ?? null;
  const facts: [string, string][] = [["Level", record?.level ?? session.level]];
  if (seconds !== null) facts.push(["Duration", duration(seconds)]);
  if (record?.created_at) facts.push(["Held on", day(record.created_at)]);
  if (reason) facts.push(["Ended", ENDED[reason] ?? reason]);
  const seen = videoText(record?.avatar ?? null);
  if (seen) facts.push(["Interviewer", seen]);
  const topic = record?.skill_topic || session.skill_topic;
  return (
    <header className={styles.band}>
      <div className={styles.inner}>
        <PageTitle tab="Your results" className={styles.title}>
          <span className={styles.kicker}>Your results</span>{" "}
          <span className="clamped" title={topic}>
            {topic}
          </span>
        </PageTitle>
        <dl className={styles.facts}>
          {facts.map(([name, value]) => (
            <div key={name} className={styles.fact}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </header>
  );
}
