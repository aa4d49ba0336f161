import type { Level } from "../../api/types";

export { MAX_JOB_DESCRIPTION as MAX_JOB, MAX_TOPIC } from "../../contract/limits.gen";

/** The levels, with one line of explanation each. */
export const LEVEL_CHOICES: { level: Level; name: string; means: string }[] = [
  { level: "beginner", name: "Beginner", means: "Fundamentals and simple, everyday scenarios." },
  {
    level: "intermediate",
    name: "Intermediate",
    means: "What you did in practice, your decisions and trade-offs.",
  },
  { level: "advanced", name: "Advanced", means: "Depth, architecture, edge cases and performance." },
];

/** Examples of topics; a click fills in the field. */
export const EXAMPLES = [
  "Python back ends with PostgreSQL",
  "React and TypeScript",
  "System design for a chat app",
  "Product management: saying no to stakeholders",
  "Emergency room nursing",
  "First-time engineering manager",
];

/** Languages that an interview can have, by BCP-47 tag. */
export const LANGUAGES: { tag: string; name: string }[] = [
  { tag: "en-US", name: "English (United States)" },
  { tag: "en-GB", name: "English (United Kingdom)" },
  { tag: "en-IN", name: "English (India)" },
  { tag: "en-AU", name: "English (Australia)" },
  { tag: "ar-EG", name: "العربية (Arabic)" },
  { tag: "bn-BD", name: "বাংলা (Bengali)" },
  { tag: "de-DE", name: "Deutsch (German)" },
  { tag: "es-ES", name: "Español (Spain)" },
  { tag: "es-US", name: "Español (Americas)" },
  { tag: "fr-FR", name: "Français (French)" },
  { tag: "hi-IN", name: "हिन्दी (Hindi)" },
  { tag: "id-ID", name: "Bahasa Indonesia (Indonesian)" },
  { tag: "it-IT", name: "Italiano (Italian)" },
  { tag: "ja-JP", name: "日本語 (Japanese)" },
  { tag: "ko-KR", name: "한국어 (Korean)" },
  { tag: "nl-NL", name: "Nederlands (Dutch)" },
  { tag: "pl-PL", name: "Polski (Polish)" },
  { tag: "pt-BR", name: "Português (Brazil)" },
  { tag: "ru-RU", name: "Русский (Russian)" },
  { tag: "th-TH", name: "ไทย (Thai)" },
  { tag: "tr-TR", name: "Türkçe (Turkish)" },
  { tag: "vi-VN", name: "Tiếng Việt (Vietnamese)" },
];

/** The languages that this deployment offers, in its order; all when it names none. */
export function offeredLanguages(tags: string[] | undefined): { tag: string; name: string }[] {
  if (!tags?.length) return LANGUAGES;
  return tags.map((tag) => LANGUAGES.find((known) => known.tag === tag) ?? { tag, name: tag });
}

/** The language of a form where this deployment offers it, otherwise the first that it offers. */
export function offeredLanguage(tag: string, tags: string[] | undefined): string {
  return !tags?.[0] || tags.includes(tag) ? tag : tags[0];
}

/** The language of a tag, for people. */
export function languageName(tag: string): string {
  return LANGUAGES.find((known) => known.tag === tag)?.name ?? tag;
}

/** `25 minutes`; `12.5 minutes`. */
export function minutesText(minutes: number): string {
  const shown = Math.round(minutes * 10) / 10;
  return `${shown} ${shown === 1 ? "minute" : "minutes"}`;
}
