import { Link } from "../../navigation/Link";
import { pathOf } from "../../navigation/route";
import { type StoredSession, titleOf } from "../../session/store";
import { Button } from "../../ui/Button";
import { day } from "../../ui/time";
import styles from "./Earlier.module.css";
import { Forget } from "./Forget";

const SHOWN = 3;

interface EarlierProps {
  sessions: StoredSession[];
  onForget: () => void;
  /** Shows all of them. */
  onAll: () => void;
}

/** Links to the latest interviews of this browser, and the ways to all of them and to removing them from it. */
export function Earlier({ sessions, onForget, onAll }: EarlierProps) {
  return (
    <nav aria-labelledby="earlier" className={styles.earlier}>
      <h2 id="earlier" className={styles.heading}>
        Your interviews in this browser
      </h2>
      <ul className={styles.list}>
        {sessions.slice(0, SHOWN).map(({ session, ended, kept_at, name }) => (
          <li key={session.session_id}>
            <Link
              className={styles.link}
              to={pathOf({ page: ended ? "results" : "room", sessionId: session.session_id })}
            >
              <span className={styles.topic}>{name ?? titleOf(session)}</span>
              <span className={styles.state}>
                {ended ? "Results" : "Unfinished"}, {day(kept_at)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <Button onClick={onAll}>All interviews</Button>
      <Forget count={sessions.length} onForget={onForget} />
    </nav>
  );
}
