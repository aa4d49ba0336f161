import type { ReactNode } from "react";
import { classes } from "./classes";
import { useLive } from "./LiveRegion";
import styles from "./Notice.module.css";

interface NoticeProps {
  tone?: "info" | "warning" | "error" | "success";
  title?: string;
  children?: ReactNode;
  /** What can be done about it. */
  actions?: ReactNode;
  className?: string;
}

/** A message to the person. Screen readers announce errors at once, and everything else when they are idle. */
export function Notice({ tone = "info", title, children, actions, className }: NoticeProps) {
  const live = useLive();
  return (
    <div
      role={tone === "error" ? "alert" : live ? undefined : "status"}
      className={classes(styles.notice, styles[tone], className)}
    >
      {title && <p className={styles.title}>{title}</p>}
      {children && <div className={styles.text}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
