import { useCallback, useEffect, useRef, useState } from "react";
import type { Api, Credentials } from "../../api/client";
import { type Explanation, explain } from "../../api/explanation";

export type SketchState =
  | { is: "none" }
  | { is: "loading" }
  | { is: "shown"; text: string }
  | { is: "failed"; problem: Explanation };

/** The sketch of a good answer to one question, when it is asked for. Leaving the page cancels the request. */
export function useSketch(api: Api, who: Credentials, turn: number): { state: SketchState; ask: () => void } {
  const [state, setState] = useState<SketchState>({ is: "none" });
  const call = useRef<AbortController | null>(null);
  useEffect(() => () => call.current?.abort(), []);

  const ask = useCallback(() => {
    call.current?.abort();
    const controller = new AbortController();
    call.current = controller;
    const tell = (next: SketchState) => {
      if (!controller.signal.aborted) setState(next);
    };
    tell({ is: "loading" });
    api.sketch(who, turn, controller.signal).then(
      (text) => tell({ is: "shown", text }),
      (error: unknown) => tell({ is: "failed", problem: explain(error) }),
    );
  }, [api, who, turn]);

  return { state, ask };
}
