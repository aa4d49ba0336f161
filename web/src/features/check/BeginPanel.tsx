import type { ReactNode } from "react";
import { Notice } from "../../ui/Notice";
import styles from "./Check.module.css";
import type { BeginState } from "./useBegin";

interface BeginPanelProps {
  state: BeginState;
  hasCv: boolean;
  /** A choice that is made before the start. */
  choice?: ReactNode;
  buttons: ReactNode;
  back: ReactNode;
}

/** The start button, the progress, and what went wrong. */
export function BeginPanel({ state, hasCv, choice, buttons, back }: BeginPanelProps) {
  return (
    <div className={styles.begin}>
      {state.is === "failed" && (
        <Notice tone="error" title={state.problem.title}>
          <p>{state.problem.text}</p>
        </Notice>
      )}
      {choice}
      <div className={styles.buttons}>{buttons}</div>
      <div role="status" className={styles.progress}>
        {state.is === "sending" && <p>{progressWords(state.sent, hasCv)}</p>}
      </div>
      {state.is === "sending" && hasCv && (
        <progress className={styles.bar} max={1} value={state.sent} aria-label="CV sent" />
      )}
      {back}
    </div>
  );
}

/** In steps of ten percent, so that screen readers do not announce every change. */
function progressWords(sent: number, hasCv: boolean): string {
  if (!hasCv) return "Preparing your interviewer. This takes a few seconds.";
  if (sent < 1) return `Sending your CV: ${Math.floor(sent * 10) * 10} %`;
  return "Your CV has arrived. Reading it and preparing your interviewer.";
}
