import {
  type FormEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { MAX_ANSWER } from "../../contract/limits.gen";
import { Button } from "../../ui/Button";
import styles from "./Answer.module.css";

/** The field grows up to this many rows, then scrolls. */
const MOST_ROWS = 4;

interface AnswerProps {
  /** Sends the text; `false`: it could not be sent. */
  onSend: (text: string) => boolean;
  /** The answers that the relay did not take so far. Each comes back into the field. */
  refused?: readonly string[];
  /** The relay is connected: what was said of a lost connection is over. */
  connected?: boolean;
  field: RefObject<HTMLTextAreaElement | null>;
}

const NONE: readonly string[] = [];

/** Why the text was not sent, as the candidate reads it. */
const NOT_SENT = {
  offline: "Not sent: there is no connection right now. Your text is still here. Send it again in a moment.",
  long: `Not sent: an answer can have up to ${MAX_ANSWER} characters. Your text is still here. Shorten it, then send it again.`,
};

/** A typed answer: Enter sends it, Shift+Enter starts a new line. Text that could not be sent stays in the field. */
export function Answer({ onSend, refused = NONE, connected = false, field }: AnswerProps) {
  const [text, setText] = useState("");
  const [failed, setFailed] = useState<keyof typeof NOT_SENT | null>(null);
  const id = useId();

  const returned = useRef(refused.length);
  useEffect(() => {
    const fresh = refused.slice(returned.current);
    returned.current = refused.length;
    // Something else may have been typed meanwhile.
    if (fresh.length > 0) setText((typed) => [...fresh, typed].filter((each) => each.trim()).join("\n"));
  }, [refused]);

  useEffect(() => {
    if (connected) setFailed((before) => (before === "offline" ? null : before));
  }, [connected]);

  function send(event: FormEvent | KeyboardEvent) {
    event.preventDefault();
    const answer = text.trim();
    if (!answer) return;
    const why = answer.length > MAX_ANSWER ? "long" : onSend(answer) ? null : "offline";
    setFailed(why);
    if (!why) setText("");
    field.current?.focus();
  }

  function key(event: KeyboardEvent) {
    // While an input method composes a character, Enter belongs to it.
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) send(event);
  }

  return (
    <form className={styles.answer} onSubmit={send}>
      <label htmlFor={id} className="visually-hidden">
        Your typed answer
      </label>
      <textarea
        ref={field}
        id={id}
        className={styles.text}
        rows={Math.min(MOST_ROWS, text.split("\n").length)}
        maxLength={MAX_ANSWER}
        value={text}
        placeholder="Type an answer…"
        aria-describedby={failed ? `${id}-failed` : `${id}-keys`}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={key}
      />
      <Button type="submit" tone="lime" aria-disabled={text.trim() === "" || undefined}>
        Send
      </Button>
      <p id={`${id}-keys`} className="visually-hidden">
        Enter sends. Shift and Enter start a new line.
      </p>
      <p id={`${id}-failed`} role="alert" className={styles.failed} hidden={!failed}>
        {NOT_SENT[failed ?? "offline"]}
      </p>
    </form>
  );
}
