import { type RefObject, useEffect, useRef, useState } from "react";
import { reveal, type VoiceProgress } from "../../interview/caption";
import type { Turn } from "../../stream/state";
import { Button } from "../../ui/Button";
import { classes } from "../../ui/classes";
import styles from "./Captions.module.css";

/** How often a caption is brought up to its voice, in milliseconds. */
const STEP_MS = 80;
/** So near to its end, in pixels, the log follows what is new. */
const NEAR = 48;

/** Where the voice of a turn is at a time of the page's clock; `null`: not known. */
export type ProgressOf = (turn: number, now: number) => VoiceProgress | null;

interface CaptionsProps {
  turns: readonly Turn[];
  voice: ProgressOf;
}

/** All that was said, the newest at the end. It follows the newest unless one has scrolled back. */
export function Captions({ turns, voice }: CaptionsProps) {
  const log = useRef<HTMLDivElement>(null);
  const [behind, follow] = useFollowing(log);
  return (
    <section className={styles.captions} aria-labelledby="captions">
      <h2 id="captions" className={styles.heading}>
        Captions
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <div ref={log} role="log" aria-labelledby="captions" className={styles.log} tabIndex={0}>
        {turns.length === 0 && <p className={styles.empty}>What you both say appears here.</p>}
        {turns.map((turn) =>
          turn.speaker === "interviewer" ? (
            <Spoken key={turn.turn} turn={turn} voice={voice} />
          ) : (
            <Line key={turn.turn} turn={turn} text={turn.text} settled={turn.final} />
          ),
        )}
      </div>
      {behind && (
        <Button tone="ink" size="small" className={styles.newest} onClick={follow}>
          To the newest
        </Button>
      )}
    </section>
  );
}

/** A turn of the interviewer, shown at the pace of its voice; cut where it was spoken over. What is restored is there. */
function Spoken({ turn, voice }: { turn: Turn; voice: ProgressOf }) {
  const [shown, setShown] = useState(0);
  const waiting = shown < turn.text.length && !turn.interrupted && !turn.restored;

  useEffect(() => {
    if (!waiting) return;
    const step = () => {
      const now = voice(turn.turn, performance.now());
      setShown((before) => (now ? reveal(turn.text, now, before) : turn.text.length));
    };
    step();
    const timer = setInterval(step, STEP_MS);
    return () => clearInterval(timer);
  }, [waiting, turn.turn, turn.text, voice]);

  return (
    <Line
      turn={turn}
      text={turn.restored ? turn.text : turn.text.slice(0, shown)}
      settled={turn.interrupted || (turn.final && !waiting)}
    />
  );
}

interface LineProps {
  turn: Turn;
  text: string;
  /** Nothing more comes, but for a late word. */
  settled: boolean;
}

/**
 * One turn. While it grows, a screen reader leaves it alone; settled, the interviewer's is put in anew and so read out
 * once. Nobody's own words are read back to them, nor what was read before the line was lost.
 */
function Line({ turn, text, settled }: LineProps) {
  const own = turn.speaker === "candidate";
  if (text === "" && !settled) return null;
  return (
    <div
      key={settled ? "settled" : "growing"}
      className={classes(styles.line, own && styles.own)}
      data-speaker={turn.speaker}
      data-settled={settled}
      aria-live={settled && !own && !turn.restored ? undefined : "off"}
    >
      <p className={styles.name}>{own ? "You" : "Interviewer"}</p>
      <p className={styles.text}>
        {text}
        {turn.interrupted && <span className={styles.cut}> … (interrupted)</span>}
        {!settled && <span className={styles.caret} aria-hidden="true" />}
      </p>
    </div>
  );
}

/** Keeps the log at its end as it grows; says when one has scrolled away from it, and leads back. */
function useFollowing(log: RefObject<HTMLDivElement | null>): [behind: boolean, follow: () => void] {
  const [behind, setBehind] = useState(false);
  const following = useRef(true);

  useEffect(() => {
    const element = log.current;
    if (!element) return;
    const distance = () => element.scrollHeight - element.clientHeight - element.scrollTop;
    const toEnd = () => {
      if (following.current) element.scrollTop = element.scrollHeight;
      else setBehind(distance() > NEAR);
    };
    const scrolled = () => {
      following.current = distance() <= NEAR;
      setBehind(!following.current);
    };
    const grown = new MutationObserver(toEnd);
    grown.observe(element, { childList: true, subtree: true, characterData: true });
    const sized = new ResizeObserver(toEnd);
    sized.observe(element);
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      grown.disconnect();
      sized.disconnect();
      element.removeEventListener("scroll", scrolled);
    };
  }, [log]);

  const follow = () => {
    following.current = true;
    setBehind(false);
    log.current?.scrollTo({ top: log.current.scrollHeight });
  };
  return [behind, follow];
}
