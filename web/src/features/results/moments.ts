import { createContext } from "react";
import type { Transcript } from "../../api/types";
import { clock } from "../../ui/time";

/** A turn of the transcript, as the assessment refers to it. */
export interface Moment {
  /** When it began, from the start of the interview on: `01:05`. */
  at: string;
  /** The candidate has corrected its words. */
  corrected: boolean;
  /** Of its words, as a BCP-47 tag. */
  language: string;
}

/** The moments of the transcript by turn; empty until it is loaded. */
export const Moments = createContext<ReadonlyMap<number, Moment>>(new Map());

/** `startedAt`: when the clock starts, ISO 8601; `null`: at the first turn. */
export function momentsOf(
  transcript: Transcript | null,
  startedAt: string | null,
  language: string,
): Map<number, Moment> {
  const turns = transcript?.turns ?? [];
  const zero = Date.parse(startedAt ?? turns[0]?.started_at ?? "");
  return new Map(
    turns.map(({ turn, started_at, corrected_text }) => [
      turn,
      {
        at: clock(Math.max(0, (Date.parse(started_at) - zero) / 1000)),
        corrected: corrected_text !== null,
        language,
      },
    ]),
  );
}

/** The id of a turn's element, for links. */
export function turnId(turn: number): string {
  return `turn-${turn}`;
}
