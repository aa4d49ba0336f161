import { useEffect, useRef, useState } from "react";
import { Link } from "../../navigation/Link";
import { pathOf } from "../../navigation/route";
import { type StoredSession, titleOf } from "../../session/store";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Bin, Download } from "../../ui/icons";
import { save } from "../../ui/save";
import { day } from "../../ui/time";
import styles from "./History.module.css";

export interface HistoryActions {
  rename: (sessionId: string, name: string) => void;
  /** Removes one interview from this browser. */
  forget: (sessionId: string) => void;
  /** The interviews that are over, as the text of a file. */
  file: () => string;
  /** Adds the interviews of such a file; returns how many. */
  add: (text: string) => number;
}

interface HistoryProps {
  open: boolean;
  sessions: StoredSession[];
  actions: HistoryActions;
  onClose: () => void;
}

/** All interviews of this browser: to open, name and forget, and to take to another browser. */
export function History({ open, sessions, actions, onClose }: HistoryProps) {
  const [outcome, setOutcome] = useState("");
  const close = useRef<HTMLButtonElement>(null);
  const finished = sessions.some(({ ended }) => ended);

  async function read(file: File | undefined): Promise<void> {
    if (!file) return;
    const count = actions.add(await file.text().catch(() => ""));
    setOutcome(count === 0 ? "This file has no interviews that aren't here already." : imports(count));
  }

  return (
    <Dialog
      open={open}
      title="Your interviews in this browser"
      onClose={onClose}
      actions={
        <>
          <Button ref={close} onClick={onClose}>
            Close
          </Button>
          {finished && (
            <Button
              icon={<Download />}
              onClick={() =>
                save({
                  blob: new Blob([actions.file()], { type: "application/json" }),
                  filename: "interviews.json",
                })
              }
            >
              Export
            </Button>
          )}
        </>
      }
    >
      {sessions.length === 0 ? (
        <p>There are none yet.</p>
      ) : (
        <ul className={styles.list}>
          {sessions.map((stored) => (
            <Entry
              key={stored.session.session_id}
              stored={stored}
              actions={actions}
              onForgotten={(name) => {
                setOutcome(`“${name}” has been forgotten.`);
                close.current?.focus();
              }}
            />
          ))}
        </ul>
      )}
      {finished && (
        <p>
          Anyone who has the exported file can open the results of your finished interviews. Give it only to
          people who may see them.
        </p>
      )}
      <label className={styles.file}>
        <strong>Import a file from another browser</strong>
        <input
          type="file"
          accept=".json,application/json"
          onChange={(event) => {
            void read(event.target.files?.[0]);
            // So that choosing the same file again is a change.
            event.target.value = "";
          }}
        />
      </label>
      <p role="status" className={styles.status}>
        {outcome}
      </p>
    </Dialog>
  );
}

function imports(count: number): string {
  return count === 1 ? "1 interview imported." : `${count} interviews imported.`;
}

interface EntryProps {
  stored: StoredSession;
  actions: HistoryActions;
  onForgotten: (name: string) => void;
}

function Entry({ stored, actions, onForgotten }: EntryProps) {
  const { session, ended, kept_at, name } = stored;
  const { session_id } = session;
  const title = name ?? titleOf(session);
  const [written, setWritten] = useState(name ?? "");
  const [asking, setAsking] = useState<boolean>();
  const buttons = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The button that was clicked is gone.
    if (asking !== undefined) buttons.current?.querySelector("button")?.focus();
  }, [asking]);
  return (
    <li className={styles.item}>
      <Link to={pathOf({ page: ended ? "results" : "room", sessionId: session_id })}>{title}</Link>
      <p>
        {ended ? "Results" : "Unfinished"}, {day(kept_at)}
      </p>
      <Field label="Name">
        {(wiring) => (
          <input
            {...wiring}
            type="text"
            maxLength={80}
            placeholder={titleOf(session)}
            value={written}
            onChange={(event) => {
              setWritten(event.target.value);
              actions.rename(session_id, event.target.value);
            }}
          />
        )}
      </Field>
      <div ref={buttons} className={styles.buttons}>
        {asking ? (
          <>
            <Button size="small" onClick={() => setAsking(false)}>
              Keep it
            </Button>
            <Button
              size="small"
              tone="red"
              icon={<Bin />}
              onClick={() => {
                onForgotten(title);
                actions.forget(session_id);
              }}
            >
              Forget it: I won't be able to open or delete it
            </Button>
          </>
        ) : (
          <Button size="small" icon={<Bin />} aria-label={`Forget ${title}`} onClick={() => setAsking(true)}>
            Forget
          </Button>
        )}
      </div>
    </li>
  );
}
