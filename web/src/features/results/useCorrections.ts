import { useCallback, useMemo, useState } from "react";
import { ApiError } from "../../api/error";
import { explain } from "../../api/explanation";
import type { Correction, TranscriptTurn } from "../../api/types";
import { MAX_CORRECTIONS } from "../../contract/limits.gen";

/** Sends all corrections at once; resolves when the server has them. */
export type SendCorrections = (corrections: Correction[]) => Promise<void>;

export interface Corrections {
  /** The text of a turn as the candidate has it so far. */
  textOf: (turn: TranscriptTurn) => string;
  change: (turn: number, text: string) => void;
  /** The turns that differ from what was heard. */
  changed: { turn: TranscriptTurn; text: string }[];
  /** Why they can't be sent as they are. */
  fault: string | undefined;
  sending: boolean;
  /** `true`: the server has them. */
  send: () => Promise<boolean>;
}

/** The candidate's corrections of their own turns, until they are sent together. What is typed stays when sending fails. */
export function useCorrections(turns: TranscriptTurn[], sendAll: SendCorrections): Corrections {
  const [texts, setTexts] = useState<ReadonlyMap<number, string>>(new Map());
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<string>();

  const changed = useMemo(
    () =>
      turns.flatMap((turn) => {
        const text = texts.get(turn.turn)?.trim();
        return text === undefined || text === turn.text.trim() ? [] : [{ turn, text }];
      }),
    [turns, texts],
  );

  const send = useCallback(async () => {
    setSending(true);
    setFailure(undefined);
    try {
      await sendAll(changed.map(({ turn, text }) => ({ turn: turn.turn, text })));
      return true;
    } catch (error) {
      // An earlier request came through, although its answer did not.
      if (error instanceof ApiError && error.code === "already_corrected") return true;
      setFailure(explain(error).text || "That did not work. Try again.");
      return false;
    } finally {
      setSending(false);
    }
  }, [changed, sendAll]);

  return {
    textOf: (turn) => texts.get(turn.turn) ?? turn.text,
    change: (turn, text) => {
      setFailure(undefined);
      setTexts((before) => new Map(before).set(turn, text));
    },
    changed,
    fault: failure ?? faultOf(changed),
    sending,
    send,
  };
}

function faultOf(changed: Corrections["changed"]): string | undefined {
  if (changed.some(({ text }) => text === "")) {
    return "One of your answers is empty now. Write what you said, or restore what was heard.";
  }
  return changed.length > MAX_CORRECTIONS ? `You can correct ${MAX_CORRECTIONS} answers at most.` : undefined;
}
