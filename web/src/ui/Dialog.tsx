import { type ReactNode, useEffect, useId, useRef } from "react";
import styles from "./Dialog.module.css";

interface DialogProps {
  open: boolean;
  title: string;
  /** Escape, or a click on the backdrop. */
  onClose: () => void;
  children: ReactNode;
  /** The buttons, the safest first: it gets the focus. */
  actions: ReactNode;
}

/** A modal question. The native dialog element keeps the focus inside, and it returns to where it was. */
export function Dialog({ open, title, onClose, children, actions }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useEffect(() => {
    const element = dialog.current;
    if (!element || !open) return;
    const before = document.activeElement;
    element.showModal();
    element.querySelector<HTMLElement>("[data-actions] button")?.focus();
    return () => {
      element.close();
      // React has removed the dialog by now: the browser can't restore the focus.
      if (!hasFocus() && before instanceof HTMLElement) before.focus();
    };
  }, [open]);

  if (!open) return null;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the keyboard's way, the element handles it itself.
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className={styles.body}>
        <h2 id={heading}>{title}</h2>
        {children}
        <div className={styles.actions} data-actions="">
          {actions}
        </div>
      </div>
    </dialog>
  );
}

/** Whether anything on the page has the focus. */
function hasFocus(): boolean {
  return document.activeElement !== null && document.activeElement !== document.body;
}
