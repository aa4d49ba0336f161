import { useEffect, useRef, useState } from "react";
import type { Transcript, TranscriptTurn } from "../../api/types";
import { Button } from "../../ui/Button";
import { CorrectionBar } from "./CorrectionBar";
import styles from "./TranscriptPart.module.css";
import { Turn } from "./Turn";
import { type SendCorrections, useCorrections } from "./useCorrections";

interface TranscriptPartProps {
  transcript: Transcript;
  /** Of the words, as a BCP-47 tag. */
  language: string;
  /** When the clock starts, ISO 8601; `null`: at the first turn. */
  startedAt: string | null;
  /** The candidate ended the interview. */
  ended: boolean;
  /** `open`: the candidate may correct their words; `done`: they have; `closed`: not yet. */
  correction: "open" | "done" | "closed";
  onSend: SendCorrections;
  /** The corrections are with the server. */
  onSent: () => void;
}

/** Who said what, and when. The candidate can correct their own words, once. */
export function TranscriptPart(props: TranscriptPartProps) {
  const { transcript, language, startedAt, ended, correction, onSend, onSent } = props;
  const { turns } = transcript;
  const zero = Date.parse(startedAt ?? turns[0]?.started_at ?? "");
  const [correcting, setCorrecting] = useState(false);
  const corrections = useCorrections(turns, onSend);
  const opener = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const left = useRef(false);

  useEffect(() => {
    if (correcting) list.current?.querySelector("textarea")?.focus();
    else if (left.current) opener.current?.focus();
    left.current = correcting;
  }, [correcting]);

  const mayCorrect = correction === "open" && turns.some(isMine);
  return (
    <section className={styles.part} aria-labelledby="transcript">
      <h2 id="transcript" className={styles.title}>
        Transcript
      </h2>
      {turns.length === 0 && <p className={styles.none}>Nothing was said.</p>}
      {turns.some(({ doubt, corrected_text }) => doubt.length > 0 && corrected_text === null) && (
        <p className={styles.note}>
          Some of your turns are marked because their words may be wrong. They don't count for or against you
          unless you correct them.
        </p>
      )}
      {correction === "done" && (
        <p className={styles.note}>
          You have corrected this transcript. Your corrections count, and both texts are shown.
        </p>
      )}
      {mayCorrect && !correcting && (
        <div className={styles.offer}>
          <p>
            {turns.some((turn) => isMine(turn) && turn.source === "speech") && "Did we mishear you? "}
            You can correct your own words, once. The summary is then rewritten.
          </p>
          <Button ref={opener} size="small" onClick={() => setCorrecting(true)}>
            Correct my words
          </Button>
        </div>
      )}
      <ol ref={list} className={styles.turns}>
        {turns.map((turn) => (
          <Turn
            key={turn.turn}
            turn={turn}
            zero={zero}
            language={language}
            ended={ended && turn === turns.at(-1)}
            correction={
              mayCorrect && correcting && isMine(turn)
                ? {
                    text: corrections.textOf(turn),
                    onChange: (text) => corrections.change(turn.turn, text),
                  }
                : null
            }
          />
        ))}
      </ol>
      {mayCorrect && correcting && (
        <CorrectionBar
          corrections={corrections}
          onClose={() => setCorrecting(false)}
          onSent={() => {
            setCorrecting(false);
            onSent();
          }}
        />
      )}
    </section>
  );
}

function isMine({ speaker }: TranscriptTurn): boolean {
  return speaker === "candidate";
}
