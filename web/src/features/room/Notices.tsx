import { useEffect, useState } from "react";
import type { Leaving, Scene } from "../../interview/scene";
import type { Note } from "../../stream/state";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import styles from "./Room.module.css";
import { lineTrouble, stays, videoTrouble } from "./status";

/** How long something the relay wants known is shown, in milliseconds. */
const NOTE_MS = 12_000;
/** The same of what the start has to say: there is more to take in just then. */
const WARNING_MS = 20_000;

interface NoticesProps {
  scene: Scene;
  /** What did not work at the start and is done without. */
  warnings: readonly string[];
  onRedial: () => void;
  onLeave: (reason: Leaving) => void;
  onSound: () => void;
  onVideo: () => void;
}

/** All that is wrong just now, each with its way on. Nothing is there when nothing is wrong. */
export function Notices({ scene, warnings, onRedial, onLeave, onSound, onVideo }: NoticesProps) {
  const trouble = lineTrouble(scene);
  const video = videoTrouble(scene);
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
      {warnings.length > 0 && !video && scene.face.is !== "here" && <Warned text={warnings.join(" ")} />}
      {video && (
        <Notice
          className={styles.ladder ?? ""}
          actions={
            video.bring && (
              <Button size="small" tone="yellow" onClick={onVideo}>
                {video.bring}
              </Button>
            )
          }
        >
          <p>{video.text}</p>
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

/** Shown once, for a while. */
function Warned({ text }: { text: string }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), WARNING_MS);
    return () => clearTimeout(timer);
  }, []);
  if (over) return null;
  return (
    <Notice className={styles.note ?? ""}>
      <p>{text}</p>
    </Notice>
  );
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
  // The face's way down has a line of its own.
  if (note === over || note.code === "avatar_lost") return null;
  return (
    <Notice tone={passing || note.code === "resuming" ? "info" : "warning"} className={styles.note ?? ""}>
      <p>{note.message}</p>
    </Notice>
  );
}
