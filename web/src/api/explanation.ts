import type { ErrorCode } from "../contract/errors.gen";
import { MAX_CV_BYTES } from "../contract/limits.gen";
import { ApiError } from "./error";

/** What went wrong in words for a candidate, and what helps. */
export interface Words {
  title: string;
  text: string;
  /** `retry`: the same again; `cv`: another CV; `topic`, `job`: mend that field; `setup`: begin anew. */
  way: "retry" | "cv" | "topic" | "job" | "setup";
}

const CV: Record<CvCode, string> = {
  cv_empty: "There is no text in this file. Choose another one, or go on without a CV.",
  cv_encrypted: "This file is protected by a password. Save a copy without the password and choose that one.",
  cv_damaged: "This file is damaged and can't be opened. Export your CV again and choose the new file.",
  cv_scanned:
    "This CV is a picture of text: there are no words in it that we could read. Choose a PDF or DOCX exported from a text editor.",
  cv_wrong_type: "This is neither a PDF nor a Word document (DOCX), whatever its name says.",
  cv_too_complex: "This file is too complex to read in reasonable time. Export a simpler version of your CV.",
  cv_too_large: `This file is larger than ${MAX_CV_BYTES / 2 ** 20} MB. Choose a smaller one.`,
};

/** Codes about a CV. */
type CvCode = Extract<ErrorCode, `cv_${string}`>;
/** Codes that words are found for here: the API's and our own. */
type KnownCode = ErrorCode | "offline" | "timeout";

const FIELD_WAY: Record<string, Words["way"]> = {
  skill_topic: "topic",
  cv_file: "cv",
  job_description: "job",
};

/** Any failure of a call, in words with a way on. The API's own detail is used where it was written for people. */
export function words(error: unknown): Words {
  if (!(error instanceof ApiError)) {
    return { title: "Something went wrong", text: "That is our fault, not yours. Try again.", way: "retry" };
  }
  const cv = (CV as Record<string, string>)[error.code];
  if (cv || error.code.startsWith("cv_")) {
    return { title: "We can't read your CV", text: error.detail || cv || error.title, way: "cv" };
  }
  switch (error.code as KnownCode) {
    case "offline":
      return {
        title: "No connection",
        text: "We can't reach the server. Check your connection, then try again.",
        way: "retry",
      };
    case "timeout":
      return {
        title: "That took too long",
        text: "The server did not answer in time. Nothing is lost: try again.",
        way: "retry",
      };
    case "not_found":
      return {
        title: "This interview is gone",
        text: "It was deleted, it has expired, or it was held in another browser.",
        way: "setup",
      };
    case "at_capacity":
      return {
        title: "All interviewers are busy",
        text: "Give it a minute, then try again. Everything you typed is still here.",
        way: "retry",
      };
    case "model_refused":
    case "model_key":
    case "model_quota":
    case "model_name":
      return {
        title: "The interviewer can't come",
        text: "The AI service turns us away. Whoever runs this site has to mend that; trying again won't help yet.",
        way: "retry",
      };
  }
  if (error.status === 413) {
    return { title: "That is too large", text: error.detail || "Choose a smaller CV.", way: "cv" };
  }
  if (error.status === 422) {
    const way = FIELD_WAY[error.field ?? ""] ?? "setup";
    return { title: error.title, text: error.detail || "Have another look at what you entered.", way };
  }
  if (error.status === 409) return { title: error.title, text: error.detail, way: "setup" };
  if (error.status === 429) {
    return { title: "Too many at once", text: "Wait a minute, then try again.", way: "retry" };
  }
  return {
    title: "Our side has a problem",
    text: "That is our fault, not yours. Try again in a moment; nothing you typed is lost.",
    way: "retry",
  };
}
