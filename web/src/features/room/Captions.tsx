import { type RefObject, useEffect, useRef, useState } from "react";
import { reveal, type VoiceProgress } from "../../interview/caption";
import type { Link } from "../../relay/connection";
import type { Interview, Turn } from "../../relay/state";
import { notUnderstood, reasons } from "../../transcript/doubt";
import { Button } from "../../ui/Button";
import { classes } from "../../ui/classes";
import styles from "./Captions.module.css";
import type { CaptionSize } from "./captionSize";
import { SendingAnswer } from "./SendingAnswer";
import { useOverflow } from "./useOverflow";

/** How often a caption follows its voice, in milliseconds. */
const STEP_MS = 80;
/** Within this distance from the end, in pixels, the log follows new text. */
const NEAR = 48;

/** How far the voice of a turn is at a time of the page's clock; `null`: not known. */
export type ProgressOf = (turn: number, now: number) => VoiceProgress | null;

interface CaptionsProps {
  turns: readonly Turn[];
  voice: ProgressOf;
  question: Interview["question"];
  /** Typed answers that the relay has not confirmed. */
  sending: Interview["sending"];
  link: Link["state"];
  onSendAgain: () => void;
  /** Of the words, as a BCP-47 tag. */
  language: string;
  size: CaptionSize;
  /** Screen readers read the interviewer's turns out. */
  aloud: boolean;
}

/** Everything that was said. It follows new text unless the candidate has scrolled back. */
export function Captions(props: CaptionsProps) {
  const { turns, voice, question, sending, link, onSendAgain, language, size, aloud } = props;
  const log = useRef<HTMLDivElement>(null);
  const [behind, follow] = useFollowing(log);
  const live = aloud ? undefined : "off";
  const current = turns.filter(({ speaker }) => speaker === "interviewer").at(-1)?.turn;
  return (
    <section className={styles.captions} data-size={size} aria-labelledby="captions">
      <h2 id="captions" className={styles.heading}>
        Captions
        {question && (
          <span className={styles.question}>{`Question ${question.number} of about ${question.about}`}</span>
        )}
      </h2>
      <div
        ref={log}
        role="log"
        aria-live={live}
        aria-labelledby="captions"
        className={styles.log}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
        tabIndex={0}
      >
        {turns.length === 0 && sending.length === 0 && (
          <p className={styles.empty}>What you both say appears here.</p>
        )}
        {turns.map((turn) =>
          turn.speaker === "interviewer" ? (
            <Spoken
              key={turn.turn}
              turn={turn}
              voice={voice}
              language={language}
              current={turn.turn === current}
            />
          ) : (
            <Line key={turn.turn} turn={turn} text={turn.text} complete={turn.final} language={language} />
          ),
        )}
        {sending.map((answer) => (
          <SendingAnswer key={answer.id} text={answer.text} link={link} onSendAgain={onSendAgain} />
        ))}
      </div>
      {behind && (
        <Button tone="ink" size="small" className={styles.latest} onClick={follow}>
          Go to the latest
        </Button>
      )}
    </section>
  );
}

interface SpokenProps extends Pick<CaptionsProps, "voice" | "language"> {
  turn: Turn;
  /** The interviewer's latest: what the candidate answers. */
  current: boolean;
}

/** A turn of the interviewer, shown at the pace of its voice and cut where it was interrupted. A restored one is shown in full. */
function Spoken({ turn, voice, language, current }: SpokenProps) {
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
      complete={turn.interrupted || (turn.final && !waiting)}
      language={language}
      current={current}
    />
  );
}

interface LineProps {
  turn: Turn;
  text: string;
  /** The text is final, except for a late correction. */
  complete: boolean;
  /** Of the words, as a BCP-47 tag. */
  language: string;
  current?: boolean;
}

/**
 * One turn. Screen readers ignore it while it grows. When it is complete, an interviewer's turn is inserted again, so that
 * it is read out once. The candidate's own turns and restored turns are not read out.
 */
function Line({ turn, text, complete, language, current }: LineProps) {
  const own = turn.speaker === "candidate";
  const understood = !turn.doubt.includes("untranscribed") || text !== "";
  const [watch, scrolls] = useOverflow();
  if (text === "" && !complete) return null;
  return (
    <div
      key={complete ? "complete" : "growing"}
      ref={current ? watch : undefined}
      // Pinned and longer than the log, it scrolls by itself, and must be reachable by keyboard.
      {...(current && scrolls ? { role: "group", "aria-label": "Current question", tabIndex: 0 } : {})}
      className={classes(styles.line, own && styles.own)}
      data-speaker={turn.speaker}
      data-complete={complete}
      data-current={current || undefined}
      aria-live={complete && !own && !turn.restored ? undefined : "off"}
    >
      <p className={styles.name}>{own ? "You" : "Interviewer"}</p>
      <p className={styles.text} dir="auto">
        {understood ? (
          <span lang={language}>{text}</span>
        ) : (
          <span className={styles.unknown}>{notUnderstood()}</span>
        )}
        {turn.interrupted && <span className={styles.cut}> … (interrupted)</span>}
        {!complete && <span className={styles.caret} aria-hidden="true" />}
      </p>
      {reasons(turn.doubt).map((reason) => (
        <p key={reason} className={styles.doubt}>
          {reason}
        </p>
      ))}
    </div>
  );
}

/** Keeps the log at its end as it grows. Returns whether the candidate has scrolled away, and a function that scrolls back. */
function useFollowing(log: RefObject<HTMLDivElement | null>): [behind: boolean, follow: () => void] {
  const [behind, setBehind] = useState(false);
  const following = useRef(true);

  useEffect(() => {
    const element = log.current;
    if (!element) return;
    const distance = () => element.scrollHeight - element.clientHeight - element.scrollTop;
    const toEnd = () => {
      if (following.current) {
        element.scrollTop = element.scrollHeight;
        // Where the question is pinned and longer than the log, it scrolls by itself.
        const question = element.querySelector("[data-current][data-complete=false]");
        if (question) question.scrollTop = question.scrollHeight;
      } else setBehind(distance() > NEAR);
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
