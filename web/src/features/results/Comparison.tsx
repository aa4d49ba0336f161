import type { Competency, Summary } from "../../api/types";
import { Link } from "../../navigation/Link";
import { pathOf } from "../../navigation/route";
import { Card } from "../../ui/Card";
import { day } from "../../ui/time";
import styles from "./Comparison.module.css";
import { type Compared, compare, quoteOf } from "./compare";
import { Range, rangeText } from "./Range";
import type { Earlier } from "./useEarlier";

interface ComparisonProps {
  earlier: Earlier;
  summary: Summary;
}

/** What has changed since the interview that this one retakes, with the candidate's words of both. */
export function Comparison({ earlier, summary }: ComparisonProps) {
  if (earlier.is === "none") return null;
  return (
    <Card className={styles.card} data-long aria-labelledby="comparison">
      <h2 id="comparison">Since your earlier interview</h2>
      {earlier.is === "found" ? (
        <Changes record={earlier.record} later={summary.competencies} />
      ) : (
        <p>
          {earlier.is === "gone"
            ? "Your earlier interview is gone: it was deleted, it has expired, or it was held in another browser. There is nothing to compare with."
            : "We can't load your earlier interview right now. Reload the page to compare with it."}
        </p>
      )}
    </Card>
  );
}

interface ChangesProps {
  record: Extract<Earlier, { is: "found" }>["record"];
  later: Competency[];
}

function Changes({ record, later }: ChangesProps) {
  const then = day(record.created_at);
  const compared = compare(record.summary?.competencies ?? [], later);
  const scored = record.summary?.competencies.some(({ low }) => low !== null) ?? false;
  if (!scored || later.length === 0) {
    return <p>One of the two interviews has no scores, so there is nothing to compare.</p>;
  }
  return (
    <>
      <p>
        Both interviews were scored on the same competencies. A change counts only where the two ranges don't
        overlap. <Link to={pathOf({ page: "results", sessionId: record.session_id })}>Results of {then}</Link>
      </p>
      <ul className={styles.list}>
        {compared.map((one) => (
          <li key={one.key} className={styles.item}>
            <div className={styles.head}>
              <h3>{one.name}</h3>
              <p className={styles.change} data-change={one.change}>
                {CHANGES[one.change]}
              </p>
            </div>
            <div className={styles.sides}>
              <Side title={then ? `Then, ${then}` : "Then"} competency={one.before} />
              <Side title="Now" competency={one.now} />
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

const CHANGES: Record<Compared["change"], string> = {
  higher: "Higher",
  lower: "Lower",
  same: "The same",
  unclear: "No clear change",
  unknown: "Not comparable",
};

function Side({ title, competency }: { title: string; competency: Competency | null }) {
  const quote = quoteOf(competency);
  const scores = competency ?? { low: null, high: null, uncertain: false };
  return (
    <div className={styles.side}>
      <h4>{title}</h4>
      <Range scores={scores} />
      <p aria-hidden="true">{rangeText(scores)}</p>
      {quote ? (
        <blockquote className={styles.quote}>“{quote.quote}”</blockquote>
      ) : (
        <p className={styles.none}>None of your words were quoted for this.</p>
      )}
    </div>
  );
}
