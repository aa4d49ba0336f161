import type { ReactNode } from "react";
import { Card } from "../ui/Card";
import { PageTitle } from "../ui/PageTitle";
import styles from "./Loading.module.css";

/** Something that is being prepared. */
export interface Step {
  name: string;
  /** Done, under way, or not begun; none: under way. */
  state?: "done" | "now" | "next";
}

interface LoadingProps {
  title: string;
  steps: Step[];
  /** Takes the focus when it appears: what had it is hidden. */
  arrives?: boolean;
  /** What can be done meanwhile. */
  children?: ReactNode;
}

const STATE = { done: "Done: ", now: "", next: "Next: " };

/** The loading screen: what is being prepared, step by step. */
export function Loading({ title, steps, arrives = false, children }: LoadingProps) {
  return (
    <div className={styles.page}>
      <Card tone="yellow" className={styles.card}>
        <PageTitle tab={title} arrives={arrives} className={styles.title}>
          {title}
        </PageTitle>
        <div className={styles.band} aria-hidden="true" />
        <ol className={styles.steps} aria-live="polite">
          {steps.map(({ name, state = "now" }) => (
            <li key={name} className={styles.step} data-state={state}>
              <span className={styles.mark} aria-hidden="true" />
              <span>
                <span className="visually-hidden">{STATE[state]}</span>
                {name}
              </span>
            </li>
          ))}
        </ol>
        {children}
      </Card>
    </div>
  );
}
