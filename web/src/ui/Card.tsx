import type { HTMLAttributes } from "react";
import styles from "./Card.module.css";
import { classes } from "./classes";

export type Tone = "white" | "yellow" | "pink" | "lime" | "sky" | "violet" | "orange" | "cream";

interface CardProps extends HTMLAttributes<HTMLElement> {
  as?: "section" | "div" | "article" | "aside";
  tone?: Tone;
}

/** A box with a thick border and a hard shadow. */
export function Card({ as: Element = "section", tone = "white", className, ...rest }: CardProps) {
  return <Element {...rest} className={classes(styles.card, styles[tone], className)} />;
}
