import { ApiError, problem } from "./error";

/** The world outside, so that a test can stop the clock. */
export interface Outside {
  fetch: typeof fetch;
  /** Resolves after so many milliseconds. */
  sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to 1, like Math.random. */
  random: () => number;
}

export interface RequestOptions {
  method: "GET" | "POST" | "PUT" | "DELETE";
  token?: string;
  /** Sent as JSON. */
  json?: unknown;
  timeoutMs: number;
  /** How often it may be sent at most; more than 1 only where repeating does no harm. */
  tries: number;
  signal?: AbortSignal | undefined;
}

const TRANSIENT = new Set([408, 425, 429, 502, 503, 504]);
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;

export const browser: Outside = {
  fetch: (...given) => fetch(...given),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: Math.random,
};

/**
 * Sends a request and gives its answer with status 2xx; throws ApiError for everything else.
 * Repeats what may pass (no connection, 429, 502-504), after pauses that double and vary, `tries` times at most.
 */
export async function request(url: string, options: RequestOptions, outside: Outside): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(url, options, outside);
    } catch (error) {
      if (!(error instanceof ApiError) || attempt >= options.tries || !passing(error)) throw error;
      const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
      const asked = Math.min(LONGEST_PAUSE_MS, (error.retryAfterSeconds ?? 0) * 1000);
      await outside.sleep(asked + longest * (0.5 + outside.random() / 2));
      options.signal?.throwIfAborted();
    }
  }
}

async function once(url: string, options: RequestOptions, outside: Outside): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const headers = new Headers({ Accept: "application/json, application/problem+json, */*" });
  if (options.token) headers.set("Authorization", `Bearer ${options.token}`);
  const body = options.json === undefined ? null : JSON.stringify(options.json);
  if (body !== null) headers.set("Content-Type", "application/json");
  let answer: Response;
  let failure: ApiError | null = null;
  try {
    answer = await outside.fetch(url, {
      method: options.method,
      headers,
      signal,
      cache: "no-store",
      ...(body === null ? {} : { body }),
    });
    if (!answer.ok) {
      failure = problem(answer.status, await answer.text(), answer.headers.get("Retry-After"));
    }
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw timeout.aborted ? timedOut() : offline();
  }
  if (failure) throw failure;
  return answer;
}

function passing(error: ApiError): boolean {
  return error.status === 0 || TRANSIENT.has(error.status);
}

export function timedOut(): ApiError {
  return new ApiError("timeout", "That took too long", "", 0);
}

export function offline(): ApiError {
  return new ApiError("offline", "No connection", "", 0);
}
