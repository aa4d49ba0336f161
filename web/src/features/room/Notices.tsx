import { useEffect, useState } from "react";
import type { Note } from "../../stream/state";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import styles from "./Room.module.css";
import type { Leaving, Scene } from "./scene";
import { lineTrouble, stays } from "./words";

/** How long something the relay wants known is shown, in milliseconds. */
const NOTE_MS = 12_000;

interface NoticesProps {
  scene: Scene;
  onRedial: () => void;
  onLeave: (reason: Leaving) => void;
  onSound: () => void;
}

/** All that is wrong just now, each with its way on. Nothing is there when nothing is wrong. */
export function Notices({ scene, onRedial, onLeave, onSound }: NoticesProps) {
  const trouble = lineTrouble(scene);
  const closed = scene.link.state === "closed";
  return (
    <>
      {trouble && (
        <Notice
          tone={trouble.tone}
          title={trouble.title}
          actions={
            (trouble.again || trouble.leave) && (
              <>
                {trouble.again && (
                  <Button tone="yellow" onClick={onRedial}>
                    {trouble.again}
                  </Button>
                )}
                {trouble.leave && <LeaveButton leave={trouble.leave} onLeave={onLeave} />}
              </>
            )
          }
        >
          <p>{trouble.text}</p>
        </Notice>
      )}
      {scene.sound === "suspended" && !closed && (
        <Notice
          tone="warning"
          title="The sound is off"
          actions={
            <Button tone="yellow" onClick={onSound}>
              Turn sound on
            </Button>
          }
        >
          <p>
            Your browser or your phone has paused it, so you can't hear the interviewer. The captions go on.
          </p>
        </Notice>
      )}
      {scene.notes.map((note) => (
        <Noted key={note.code} note={note} />
      ))}
    </>
  );
}

function LeaveButton({
  leave,
  onLeave,
}: {
  leave: { reason: Leaving; label: string };
  onLeave: (reason: Leaving) => void;
}) {
  return <Button onClick={() => onLeave(leave.reason)}>{leave.label}</Button>;
}

/** A note for a while, or for as long as its cause lasts. */
function Noted({ note }: { note: Note }) {
  const [over, setOver] = useState<Note | null>(null);
  const passing = !stays(note);
  useEffect(() => {
    if (!passing) return;
    const timer = setTimeout(() => setOver(note), NOTE_MS);
    return () => clearTimeout(timer);
  }, [note, passing]);
  if (note === over) return null;
  return (
    <Notice tone={passing || note.code === "resuming" ? "info" : "warning"} className={styles.note ?? ""}>
      <p>{note.message}</p>
    </Notice>
  );
}
