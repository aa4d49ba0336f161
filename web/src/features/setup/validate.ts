import type { StartRequest } from "../../api/types";
import { refuseText } from "../../cv/text";
import { MAX_JOB, MAX_TOPIC } from "./choices";

/** The fields with errors, and what is wrong with each. */
export interface Faults {
  topic?: string;
  job?: string;
  cv?: string;
  cv_text?: string;
  code?: string;
}

export function validate({ skill_topic, job_description, cv, cv_text }: StartRequest): Faults {
  const topic = length(skill_topic);
  const job = length(job_description);
  const text = cv && cv_text !== null ? refuseText(cv_text) : null;
  return {
    ...(skill_topic.trim() === "" && {
      topic: "Say what the interview should be about: a skill, a role, a subject.",
    }),
    ...(topic > MAX_TOPIC && {
      topic: `That is ${topic - MAX_TOPIC} characters too long. The limit is ${MAX_TOPIC}.`,
    }),
    ...(text && { cv_text: text }),
    ...(job > MAX_JOB && {
      job: `That is ${count(job - MAX_JOB)} characters too long. The limit is ${count(MAX_JOB)}.`,
    }),
  };
}

/** Characters as the API counts them: code points of the trimmed text, with two for a line break. */
export function length(text: string): number {
  return [...text.trim().replace(/\r?\n/g, "\r\n")].length;
}

/** `10,000` */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}
