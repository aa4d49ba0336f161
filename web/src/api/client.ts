import { ApiError } from "./error";
import { filenameOf } from "./filename";
import { browser, type Outside, type RequestOptions, request } from "./request";
import {
  asAvatarRoom,
  asConfig,
  asCvAnswer,
  asEndAnswer,
  asReceipt,
  asRecord,
  asSketch,
  asStartAnswer,
  asTranscript,
  type Config,
  type Receipt,
} from "./shape";
import type {
  AvatarRoom,
  Correction,
  Cv,
  EndAnswer,
  InterviewRecord,
  ReportFormat,
  StartAnswer,
  StartRequest,
  SummaryPending,
  Transcript,
  TranscriptFormat,
} from "./types";
import { type UploadOptions, upload } from "./upload";

/** What opens an interview. */
export interface Credentials {
  session_id: string;
  session_token: string;
}

export interface StartOptions extends Omit<UploadOptions, "timeoutMs"> {
  /** Opens the interview that this one retakes. */
  retake?: Credentials | undefined;
}

export interface Download {
  blob: Blob;
  filename: string;
}

/** The HTTP contract, typed. Every method throws ApiError, or AbortError when its signal was pulled. */
export interface Api {
  config(signal?: AbortSignal): Promise<Config>;
  /** Never repeated by itself: a second one would be a second interview. */
  start(wanted: StartRequest, options?: StartOptions): Promise<StartAnswer>;
  /** What `start` would read of a CV. Nothing is kept. */
  readCv(file: File, options?: Omit<UploadOptions, "timeoutMs">): Promise<Cv>;
  /** Replaces the CV's text with the candidate's, until the interview is live. */
  cvText(who: Credentials, text: string): Promise<Cv>;
  /** Another conversation with the interviewer's face. Never repeated by itself: each one costs money. */
  avatar(who: Credentials, signal?: AbortSignal): Promise<AvatarRoom>;
  /** Ends and asks for the summary; the same call again gives the same answer. */
  end(who: Credentials, signal?: AbortSignal): Promise<EndAnswer | SummaryPending>;
  record(who: Credentials, signal?: AbortSignal): Promise<InterviewRecord>;
  transcript(who: Credentials, signal?: AbortSignal): Promise<Transcript>;
  download(who: Credentials, format: TranscriptFormat): Promise<Download>;
  /** Assessment and transcript in one file. */
  report(who: Credentials, format: ReportFormat): Promise<Download>;
  /** Corrects the candidate's words, once. The summary is then written again. Never repeated by itself. */
  correct(who: Credentials, corrections: Correction[]): Promise<Transcript>;
  /** The sketch of a good answer to the question in this turn. */
  sketch(who: Credentials, turn: number, signal?: AbortSignal): Promise<string>;
  /** Deletes everything of the interview, everywhere. */
  remove(who: Credentials): Promise<Receipt>;
}

const READ: Pick<RequestOptions, "method" | "timeoutMs" | "tries"> = {
  method: "GET",
  timeoutMs: 15_000,
  tries: 3,
};
/** A large CV over a slow line, and its reading. */
const CV_TIMEOUT_MS = 120_000;
/** A conversation is made elsewhere meanwhile. */
const AVATAR_TIMEOUT_MS = 30_000;
/** A summary is written meanwhile. */
const END_TIMEOUT_MS = 75_000;
/** A language model writes it meanwhile. */
const SKETCH_TIMEOUT_MS = 60_000;
/** A document is made meanwhile. */
const FILE_TIMEOUT_MS = 30_000;

/** The API at `origin` (none: the page's own). */
export function createApi(origin = "", outside: Outside = browser): Api {
  const at = (who: Credentials, rest = "") =>
    `${origin}/api/interview/${encodeURIComponent(who.session_id)}${rest}`;
  const send = (url: string, options: RequestOptions) => request(url, options, outside);

  async function file(who: Credentials, kind: "transcript" | "report", format: string): Promise<Download> {
    const url = at(who, `/${kind}?format=${format}`);
    const answer = await send(url, { ...READ, timeoutMs: FILE_TIMEOUT_MS, token: who.session_token });
    return {
      blob: await answer.blob(),
      filename: filenameOf(answer.headers.get("Content-Disposition")) ?? `interview.${format}`,
    };
  }

  return {
    async config(signal) {
      return asConfig(await json(await send(`${origin}/config.json`, { ...READ, signal })));
    },
    async start(wanted, { retake, ...options } = {}) {
      const body = await upload(`${origin}/api/interview/start`, startForm(wanted, retake), {
        ...options,
        timeoutMs: CV_TIMEOUT_MS,
      });
      return asStartAnswer(parse(body));
    },
    async readCv(file, options) {
      const form = new FormData();
      form.set("cv_file", file, file.name);
      const body = await upload(`${origin}/api/interview/read-cv`, form, {
        ...options,
        timeoutMs: CV_TIMEOUT_MS,
      });
      return asCvAnswer(parse(body));
    },
    async cvText(who, text) {
      const answer = await send(at(who, "/cv-text"), {
        method: "PUT",
        token: who.session_token,
        json: { text },
        timeoutMs: 15_000,
        tries: 3,
      });
      return asCvAnswer(await json(answer));
    },
    async avatar(who, signal) {
      const answer = await send(at(who, "/avatar"), {
        method: "POST",
        token: who.session_token,
        timeoutMs: AVATAR_TIMEOUT_MS,
        tries: 1,
        signal,
      });
      return asAvatarRoom(await json(answer));
    },
    async end(who, signal) {
      const answer = await send(at(who, "/end"), {
        method: "POST",
        token: who.session_token,
        timeoutMs: END_TIMEOUT_MS,
        tries: 3,
        signal,
      });
      return asEndAnswer(await json(answer));
    },
    async record(who, signal) {
      return asRecord(await json(await send(at(who), { ...READ, token: who.session_token, signal })));
    },
    async transcript(who, signal) {
      const url = at(who, "/transcript?format=json");
      return asTranscript(await json(await send(url, { ...READ, token: who.session_token, signal })));
    },
    download: (who, format) => file(who, "transcript", format),
    report: (who, format) => file(who, "report", format),
    async correct(who, corrections) {
      const answer = await send(at(who, "/corrections"), {
        method: "POST",
        token: who.session_token,
        json: { corrections },
        timeoutMs: 15_000,
        tries: 1,
      });
      return asTranscript(await json(answer));
    },
    async sketch(who, turn, signal) {
      const answer = await send(at(who, `/questions/${turn}/sketch`), {
        method: "POST",
        token: who.session_token,
        timeoutMs: SKETCH_TIMEOUT_MS,
        tries: 1,
        signal,
      });
      return asSketch(await json(answer));
    },
    async remove(who) {
      const answer = await send(at(who), {
        method: "DELETE",
        token: who.session_token,
        timeoutMs: 30_000,
        tries: 3,
      });
      return asReceipt(await json(answer));
    },
  };
}

function startForm(wanted: StartRequest, retake: Credentials | undefined): FormData {
  const form = new FormData();
  form.set("skill_topic", wanted.skill_topic);
  form.set("level", wanted.level);
  form.set("language", wanted.language);
  form.set("output", wanted.output);
  if (wanted.job_description.trim()) form.set("job_description", wanted.job_description);
  if (wanted.start_code?.trim()) form.set("start_code", wanted.start_code.trim());
  if (wanted.invite) form.set("invite", wanted.invite);
  const { minutes, voice, speech_rate, extra_time } = wanted;
  for (const [name, value] of Object.entries({ minutes, voice, speech_rate, extra_time })) {
    if (value !== undefined) form.set(name, String(value));
  }
  if (retake) {
    form.set("retake_session_id", retake.session_id);
    form.set("retake_token", retake.session_token);
    if (wanted.retake_question) form.set("retake_question", String(wanted.retake_question.turn));
  }
  if (wanted.cv) form.set("cv_file", wanted.cv, wanted.cv.name);
  if (wanted.cv && wanted.cv_text !== null) form.set("cv_text", wanted.cv_text);
  return form;
}

async function json(answer: Response): Promise<unknown> {
  return parse(await answer.text());
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiError("unreadable_answer", "An answer we can't read", "", 200);
  }
}
