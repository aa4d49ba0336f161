import type { StartRequest } from "../../api/types";
import { MAX_JOB, MAX_TOPIC } from "./choices";

/** What is wrong with which field; empty when all is well. */
export interface Faults {
  topic?: string;
  job?: string;
  cv?: string;
}

export function validate({ skill_topic, job_description }: StartRequest): Faults {
  const topic = length(skill_topic);
  const job = length(job_description);
  return {
    ...(skill_topic.trim() === "" && {
      topic: "Say what the interview is about: a skill, a role, a subject.",
    }),
    ...(topic > MAX_TOPIC && {
      topic: `That is ${topic - MAX_TOPIC} characters too long; ${MAX_TOPIC} fit.`,
    }),
    ...(job > MAX_JOB && {
      job: `That is ${count(job - MAX_JOB)} characters too long; ${count(MAX_JOB)} fit.`,
    }),
  };
}

/** Characters as the API counts them: code points, without blanks around, and a line break is two in a form. */
export function length(text: string): number {
  return [...text.trim().replace(/\r?\n/g, "\r\n")].length;
}

/** `10,000` */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}
