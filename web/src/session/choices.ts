import { isAmount, isObject, isText } from "../contract/check";
import { EXTRA_TIMES, LENGTHS, MAX_MINUTES } from "../contract/limits.gen";
import { isSpeechRate, type SpeechRate, VOICES } from "../contract/terms.gen";

const KEY = "interviewer.choices";

/** How the candidate wants interviews to be held. What is left out is as the deployment has it. */
export interface Choices {
  minutes?: number;
  /** The name of a voice of Gemini's. */
  voice?: string;
  speech_rate?: SpeechRate;
  /** Times by which the interview and the waits for an answer are lengthened. */
  extra_time?: number;
}

/** What a deployment lets one choose from. */
interface Offer {
  interview_minutes: number;
  voice?: string;
}

/** Remembers the choices in this browser, for its next interviews. */
export function saveChoices(choices: Choices): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // Without storage they last as long as the page.
  }
}

export function loadChoices(): Choices {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (!isObject(kept)) return {};
    const { minutes, voice, speech_rate, extra_time } = kept;
    return {
      ...(isAmount(minutes) && { minutes }),
      ...(isText(voice) && { voice }),
      ...(isSpeechRate(speech_rate) && { speech_rate }),
      ...(isAmount(extra_time) && { extra_time }),
    };
  } catch {
    return {};
  }
}

export function forgetChoices(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was stored.
  }
}

/** The lengths that are offered, in minutes; the last one is the deployment's own. */
export function offeredMinutes({ interview_minutes }: Offer): number[] {
  return [...LENGTHS.filter((minutes) => minutes < interview_minutes), interview_minutes];
}

/** The voices that are offered, the deployment's own first if it is not among Gemini's six. */
export function offeredVoices({ voice }: Offer): string[] {
  return voice && !VOICES.some((one) => one === voice) ? [voice, ...VOICES] : [...VOICES];
}

/** The choices that this deployment offers; `null`: its configuration is not loaded. */
export function offeredChoices(choices: Choices | undefined, offer: Offer | null): Choices {
  const { minutes, voice, speech_rate, extra_time } = choices ?? {};
  return {
    ...(offer && minutes !== undefined && offeredMinutes(offer).includes(minutes) && { minutes }),
    ...(offer && voice !== undefined && offeredVoices(offer).includes(voice) && { voice }),
    ...(speech_rate && { speech_rate }),
    ...(extra_time !== undefined && EXTRA_TIMES.some((one) => one === extra_time) && { extra_time }),
  };
}

/** How long the interview will be, in minutes, with the extra time. */
export function lengthOf(choices: Choices, offer: Offer): number {
  const { minutes = offer.interview_minutes, extra_time = 1 } = offeredChoices(choices, offer);
  return Math.min(MAX_MINUTES, minutes * extra_time);
}
