import type { Api, Credentials } from "../../api/client";
import { Button } from "../../ui/Button";
import { FieldError } from "../../ui/Field";
import styles from "./Questions.module.css";
import { useSketch } from "./useSketch";

interface SketchProps {
  api: Api;
  who: Credentials;
  turn: number;
  question: string;
}

/** A button that shows the sketch of a good answer. The live region exists before its text. */
export function Sketch({ api, who, turn, question }: SketchProps) {
  const { state, ask } = useSketch(api, who, turn);
  return (
    <div className={styles.sketch}>
      {state.is !== "shown" && (
        <Button
          size="small"
          pending={state.is === "loading"}
          aria-label={`${label(state.is)}: ${question}`}
          onClick={ask}
        >
          {label(state.is)}
        </Button>
      )}
      <FieldError
        id={`sketch-${turn}-error`}
        message={state.is === "failed" ? state.problem.text : undefined}
      />
      <div role="status">
        {state.is === "shown" && (
          <div className={styles.text}>
            <strong>A sketch of a good answer</strong>
            <p>{state.text}</p>
          </div>
        )}
      </div>
    </div>
  );
}

function label(is: "none" | "loading" | "shown" | "failed"): string {
  if (is === "loading") return "Writing a sketch";
  return is === "failed" ? "Try again" : "Show a sketch of a good answer";
}
