import type { ErrorCode } from "../contract/errors.gen";
import { MAX_CV_BYTES } from "../contract/limits.gen";
import { ApiError } from "./error";

/** What went wrong, for the candidate, and what helps. */
export interface Explanation {
  title: string;
  text: string;
  /** `retry`: try again; `cv`: choose another CV; `cv_text`, `topic`, `job`, `code`: change that field; `setup`: start over. */
  remedy: "retry" | "cv" | "cv_text" | "topic" | "job" | "code" | "setup";
}

const CV: Record<CvCode, string> = {
  cv_empty: "There is no text in this file. Choose another one, or continue without a CV.",
  cv_encrypted: "This file is protected by a password. Save a copy without the password and choose that one.",
  cv_damaged: "This file is damaged and can't be opened. Export your CV again and choose the new file.",
  cv_scanned:
    "This CV is a picture of text, so we can't read it. Choose a PDF or DOCX exported from a text editor.",
  cv_wrong_type: "We can't read this kind of file. Choose a PDF or a Word document (DOCX).",
  cv_too_complex: "This file takes too long to read. Export a simpler version of your CV.",
  cv_too_large: `This file is larger than ${MAX_CV_BYTES / 2 ** 20} MB. Choose a smaller one.`,
};

/** Codes about a CV. */
type CvCode = Extract<ErrorCode, `cv_${string}`>;
/** Codes that have an explanation here: the API's and our own. */
type KnownCode = ErrorCode | "offline" | "timeout" | "retake_gone";

const FIELD_REMEDY: Record<string, Explanation["remedy"]> = {
  skill_topic: "topic",
  cv_file: "cv",
  cv_text: "cv_text",
  job_description: "job",
};

/** Explains any failure of a call. The API's own detail is used where it was written for candidates. */
export function explain(error: unknown): Explanation {
  if (!(error instanceof ApiError)) {
    return {
      title: "Something went wrong",
      text: "That is our fault, not yours. Try again.",
      remedy: "retry",
    };
  }
  const cv = (CV as Record<string, string>)[error.code];
  if (cv || error.code.startsWith("cv_")) {
    return { title: "We can't read your CV", text: error.detail || cv || error.title, remedy: "cv" };
  }
  switch (error.code as KnownCode) {
    case "offline":
      return {
        title: "No connection",
        text: "We can't reach the server. Check your connection, then try again.",
        remedy: "retry",
      };
    case "timeout":
      return {
        title: "That took too long",
        text: "The server did not answer in time. Nothing is lost. Try again.",
        remedy: "retry",
      };
    case "not_found":
      return {
        title: "This interview can't be found",
        text: "It was deleted, it has expired, or it was held in another browser.",
        remedy: "setup",
      };
    case "retake_gone":
      return {
        title: error.title,
        text: "It was deleted or has expired, so there is nothing to compare with. Begin once more to start a new interview instead. It has no CV unless you choose one on the set-up page.",
        remedy: "retry",
      };
    case "at_capacity":
    case "too_many_requests":
    case "closed":
      // The server says when to come back.
      return {
        title: error.code === "at_capacity" ? "All interviewers are busy" : error.title,
        text: `${error.detail || "Wait a minute, then try again."} Everything you typed is still here.`,
        remedy: "retry",
      };
    case "app_check":
      return {
        title: "We can't check your browser",
        text:
          "This site uses Google's reCAPTCHA to keep bots out, and it did not work here. Turn off what blocks it, or use " +
          "another browser. Then try again.",
        remedy: "retry",
      };
    case "start_code":
      return {
        title: "A start code is needed",
        text: error.detail || "Enter the start code.",
        remedy: "code",
      };
    case "readers_busy":
      return {
        title: "Many CVs are being read",
        text: "Wait a few seconds, then try again. Everything you typed is still here.",
        remedy: "retry",
      };
    case "model_busy":
      return {
        title: "The interviewer's service is very busy",
        text: "Wait a minute, then try again. Everything you typed is still here.",
        remedy: "retry",
      };
    case "model_quota":
      return {
        title: "The interviewer's service has reached its limit",
        text: "Try again later. Everything you typed is still here.",
        remedy: "retry",
      };
    case "model_refused":
    case "model_key":
    case "model_name":
    case "model_setup":
      return {
        title: "The interviewer isn't available",
        text: "The AI service refuses our requests. The operator of this site has to fix that. Trying again won't help yet.",
        remedy: "retry",
      };
  }
  if (error.status === 413) {
    return { title: "That is too large", text: error.detail || "Choose a smaller CV.", remedy: "cv" };
  }
  if (error.status === 422) {
    const remedy = FIELD_REMEDY[error.field ?? ""] ?? "setup";
    return { title: error.title, text: error.detail || "Check what you entered.", remedy };
  }
  if (error.status === 409) return { title: error.title, text: error.detail, remedy: "setup" };
  if (error.status === 429) {
    return { title: "Too many requests", text: "Wait a minute, then try again.", remedy: "retry" };
  }
  return {
    title: "Our server has a problem",
    text: "That is our fault, not yours. Try again in a moment. Nothing you typed is lost.",
    remedy: "retry",
  };
}
