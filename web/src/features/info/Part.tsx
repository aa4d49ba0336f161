import { type ReactNode, useId } from "react";
import { Card, type Tone } from "../../ui/Card";
import { classes } from "../../ui/classes";
import styles from "./Info.module.css";

interface PartProps {
  title: string;
  tone?: Tone;
  /** As wide as the page. */
  wide?: boolean;
  children: ReactNode;
}

/** One titled box of a page that explains something. */
export function Part({ title, tone = "white", wide = false, children }: PartProps) {
  const heading = useId();
  return (
    <Card tone={tone} className={classes(styles.part, wide && styles.wide)} aria-labelledby={heading}>
      <h2 id={heading} className={styles.heading}>
        {title}
      </h2>
      {children}
    </Card>
  );
}

/** Sentences, one below the other. */
export function List({ items }: { items: ReactNode[] }) {
  return (
    <ul className={styles.list}>
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed text
        <li key={index}>{item}</li>
      ))}
    </ul>
  );
}
