import { useEffect, useState } from "react";
import type { Leaving, Scene } from "../../interview/scene";
import type { Note } from "../../relay/state";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import styles from "./Room.module.css";
import { connectionProblem, listed, stays, videoProblem } from "./status";

/** How long a passing note of the relay is shown, in milliseconds. */
const NOTE_MS = 12_000;
/** How long the warnings of the start are shown: there is more to read at that moment. */
const WARNING_MS = 20_000;

interface NoticesProps {
  scene: Scene;
  /** What did not work at the start of the interview. */
  warnings: readonly string[];
  onReconnect: () => void;
  onLeave: (reason: Leaving) => void;
  onSound: () => void;
  onVideo: () => void;
  onHold: () => void;
  onType: () => void;
}

/** Everything that is wrong now, with what can be done about it. */
export function Notices(props: NoticesProps) {
  const { scene, warnings, onReconnect, onLeave, onSound, onVideo, onHold, onType } = props;
  const problem = connectionProblem(scene);
  const video = videoProblem(scene);
  const closed = scene.link.state === "closed";
  return (
    <>
      {problem && (
        <Notice
          tone={problem.tone}
          title={problem.title}
          actions={
            (problem.again || problem.leave) && (
              <>
                {problem.again && (
                  <Button tone="yellow" onClick={onReconnect}>
                    {problem.again}
                  </Button>
                )}
                {problem.leave && <LeaveButton leave={problem.leave} onLeave={onLeave} />}
              </>
            )
          }
        >
          <p>{problem.text}</p>
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
            Your browser or your phone has paused the sound. You can't hear the interviewer, but you can read
            the captions.
          </p>
        </Notice>
      )}
      {warnings.length > 0 && !video && scene.avatar.is !== "connected" && (
        <Warned text={warnings.join(" ")} />
      )}
      {video && (
        <Notice
          className={styles.video ?? ""}
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
      {listed(scene).map((note) =>
        note.code === "idle" ? (
          <Idle key={note.code} note={note} onHold={onHold} onType={onType} />
        ) : (
          <Noted key={note.code} note={note} />
        ),
      )}
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

/** A warning of the start, shown once and for a while. */
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
  if (note === over) return null;
  return (
    <Notice tone={passing || note.code === "resuming" ? "info" : "warning"} className={styles.note ?? ""}>
      <p>{note.message}</p>
    </Notice>
  );
}

/** The candidate has been silent for a while: what they can do. It goes away once they choose. */
function Idle({ note, onHold, onType }: { note: Note; onHold: () => void; onType: () => void }) {
  const [over, setOver] = useState<Note | null>(null);
  if (note === over) return null;
  const choose = (act: () => void) => () => {
    setOver(note);
    act();
  };
  return (
    <Notice
      title="Need more time?"
      actions={
        <>
          <Button size="small" tone="yellow" onClick={choose(onHold)}>
            Let me think
          </Button>
          <Button size="small" onClick={choose(onType)}>
            Type an answer
          </Button>
        </>
      }
    >
      <p>{note.message}</p>
    </Notice>
  );
}
