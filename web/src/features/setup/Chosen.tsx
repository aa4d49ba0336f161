import type { Config } from "../../api/shape";
import { QUESTION_MINUTES } from "../../contract/limits.gen";
import { Link } from "../../navigation/Link";
import { lengthOf, offeredChoices } from "../../session/choices";
import type { Draft } from "../../session/draft";
import type { Session } from "../../session/session";
import styles from "./Chosen.module.css";
import { LEVEL_CHOICES, languageName, minutesText } from "./choices";

interface ChosenProps {
  draft: Draft;
  config: Config | null;
  /** The interview that is practised again: its CV is used unless there is another. `null`: none. */
  retaken: Session | null;
}

/** What was chosen on the set-up page, in one line, and the way back to change it. Everything is kept. */
export function Chosen({ draft, config, retaken }: ChosenProps) {
  const level = LEVEL_CHOICES.find((one) => one.level === draft.level)?.name;
  const chosen = offeredChoices(draft, config);
  const oneQuestion = retaken !== null && draft.retake_question !== undefined;
  const offer = config && {
    ...config,
    ...(oneQuestion && { interview_minutes: Math.min(QUESTION_MINUTES, config.interview_minutes) }),
  };
  const extra = chosen.extra_time !== undefined && chosen.extra_time > 1;
  const parts = [
    `CV: ${cvWords(draft, retaken?.cv?.filename ?? null)}`,
    oneQuestion && "one question",
    level,
    languageName(draft.language),
    [offer && minutesText(lengthOf(chosen, offer)), extra && "with extra time"].filter(Boolean).join(" "),
    config?.interviewer === "gemini" && chosen.voice !== config.voice && chosen.voice,
    chosen.speech_rate === "slow" && "slower speech",
  ];
  return (
    <p className={styles.chosen}>
      {parts.filter(Boolean).join(", ")}, <Link to="/">change</Link>
    </p>
  );
}

function cvWords({ cv, lost_cv }: Draft, earlierCv: string | null): string {
  if (cv) return cv.name;
  if (lost_cv) return `none (${lost_cv} must be chosen again)`;
  return earlierCv ?? "none";
}
