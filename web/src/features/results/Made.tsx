import type { Summary } from "../../api/types";
import { Card } from "../../ui/Card";
import styles from "./Made.module.css";

interface MadeProps {
  summary: Summary;
  /** The practice interviewer of this machine wrote it, also if the record names another model. */
  byRules: boolean;
}

/** Who wrote the summary, what was checked, and how far to trust it. */
export function Made({ summary, byRules }: MadeProps) {
  const made = sentences(summary, byRules);
  if (made.length === 0) return null;
  return (
    <Card tone="cream" className={styles.card} aria-labelledby="made">
      <h2 id="made" tabIndex={-1}>
        How this was made
      </h2>
      <ul className={styles.sentences}>
        {made.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Card>
  );
}

function sentences(summary: Summary, byRules: boolean): string[] {
  const { assessed, written_by, quotes_checked, quotes_dropped, claims_dropped, doubtful, corrected } =
    summary;
  const author = byRules || written_by === "rules" ? "fixed rules, not by a language model" : written_by;
  const quotes = quotes_dropped > 0 ? `, and ${were(quotes_dropped, "that could not be found")}` : "";
  return [
    // Where nothing was judged, the summary itself says who wrote it, and why.
    assessed && author && `Written by ${author}.`,
    quotes_checked > 0 && `Every quote was looked up in your transcript${quotes}.`,
    claims_dropped > 0 &&
      `${count(claims_dropped, "sentence")} about you could not be proven from your words and ${
        claims_dropped === 1 ? "was" : "were"
      } dropped.`,
    assessed &&
      !summary.calibrated &&
      "Not calibrated: nobody has measured yet how well this judge agrees with experienced interviewers. Take the verdict as one opinion.",
    doubtful.length > 0 &&
      `${count(doubtful.length, "turn")} with words that may be wrong did not count for or against you. The transcript marks ${
        doubtful.length === 1 ? "it" : "them"
      }.`,
    corrected.length > 0 &&
      `You corrected ${count(corrected.length, "turn")}. What you say you said counts; the transcript shows both texts.`,
  ].filter((sentence) => typeof sentence === "string" && sentence !== "") as string[];
}

function were(number: number, which: string): string {
  return `${number} ${which} ${number === 1 ? "was" : "were"} dropped`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
