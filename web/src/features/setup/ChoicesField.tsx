import type { Config } from "../../api/shape";
import { EXTRA_TIMES, MAX_MINUTES, MAX_THINKING_MINUTES, QUESTION_MINUTES } from "../../contract/limits.gen";
import { type Choices, lengthOf, offeredChoices, offeredMinutes, offeredVoices } from "../../session/choices";
import { Field } from "../../ui/Field";
import { Fold } from "../../ui/Fold";
import styles from "./ChoicesField.module.css";
import { minutesText } from "./choices";
import { VoiceSample } from "./VoiceSample";

/** How Google describes its voices (ai.google.dev/gemini-api/docs/speech-generation). */
const SOUNDS: Record<string, string> = {
  Aoede: "breezy",
  Charon: "informative",
  Kore: "firm",
  Leda: "youthful",
  Puck: "upbeat",
  Zephyr: "bright",
};

interface ChoicesFieldProps {
  choices: Choices;
  config: Config;
  /** One question is practised, which has a length of its own. */
  oneQuestion: boolean;
  onChange: (choices: Choices) => void;
}

/** Length, voice, pace and extra time, folded away; the title says what is chosen. */
export function ChoicesField({ choices, config, oneQuestion, onChange }: ChoicesFieldProps) {
  const chosen = offeredChoices(choices, config);
  const embedded = config.interviewer === "embedded";
  const offer = oneQuestion
    ? { ...config, interview_minutes: Math.min(QUESTION_MINUTES, config.interview_minutes) }
    : config;
  const minutes = oneQuestion ? offer.interview_minutes : (chosen.minutes ?? config.interview_minutes);
  const voice = chosen.voice ?? config.voice ?? "Kore";
  const slow = chosen.speech_rate === "slow";
  const extra = chosen.extra_time ?? 1;

  function lasts(extra_time: number): string {
    return minutesText(lengthOf({ ...chosen, extra_time }, offer));
  }

  return (
    <Fold
      title="Length, voice and pace"
      note={chosenWords(lasts(extra), embedded ? null : voice, slow, extra)}
    >
      <div className={styles.fields}>
        {!oneQuestion && offeredMinutes(config).length > 1 && (
          <Field label="Length">
            {(wiring) => (
              <select
                {...wiring}
                value={minutes}
                onChange={(event) => onChange({ ...choices, minutes: Number(event.target.value) })}
              >
                {offeredMinutes(config).map((one) => (
                  <option key={one} value={one}>
                    {minutesText(one)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field label="Pace">
          {(wiring) => (
            <select
              {...wiring}
              value={slow ? "slow" : "normal"}
              onChange={(event) =>
                onChange({ ...choices, speech_rate: event.target.value === "slow" ? "slow" : "normal" })
              }
            >
              <option value="normal">Normal</option>
              <option value="slow">Slower</option>
            </select>
          )}
        </Field>
        {embedded ? (
          <p className={styles.wide}>The practice interviewer has only one voice.</p>
        ) : (
          <div className={styles.wide}>
            <Field label="Voice">
              {(wiring) => (
                <select
                  {...wiring}
                  value={voice}
                  onChange={(event) => onChange({ ...choices, voice: event.target.value })}
                >
                  {offeredVoices({ ...config, voice: config.voice ?? "Kore" }).map((one) => (
                    <option key={one} value={one}>
                      {SOUNDS[one] ? `${one}, ${SOUNDS[one]}` : one}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </div>
        )}
        <VoiceSample voice={embedded ? null : voice} slow={slow} />
        <div className={styles.wide}>
          <Field
            label="Extra time"
            hint={`Makes the interview and the time for each answer longer. You don't need a reason, and the interviewer won't mention it. No interview is longer than ${MAX_MINUTES} minutes. “Let me think” stops the clock, for up to ${MAX_THINKING_MINUTES} minutes in all.`}
          >
            {(wiring) => (
              <select
                {...wiring}
                value={extra}
                onChange={(event) => onChange({ ...choices, extra_time: Number(event.target.value) })}
              >
                {EXTRA_TIMES.map((one) => (
                  <option key={one} value={one}>
                    {one === 1 ? "None" : `${one} times as long: ${lasts(one)}`}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
      </div>
    </Fold>
  );
}

function chosenWords(length: string, voice: string | null, slow: boolean, extra: number): string {
  return [length, voice, slow && "slower speech", extra > 1 && "extra time"].filter(Boolean).join(", ");
}
