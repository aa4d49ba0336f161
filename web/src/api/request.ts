import { Backoff } from "../retry/backoff";
import { ApiError, problem } from "./error";

/** What a test replaces: the network, the clock and chance. */
export interface Outside {
  fetch: typeof fetch;
  /** Resolves after this many milliseconds. */
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
  /** The most attempts; more than 1 only for idempotent requests. */
  tries: number;
  signal?: AbortSignal | undefined;
}

const TRANSIENT = new Set([408, 425, 429, 502, 503, 504]);
/** Pauses between attempts, in milliseconds; the server may ask for as much as the longest on top. */
const PAUSES = { first: 500, longest: 8_000 };

export const browser: Outside = {
  fetch: (...given) => fetch(...given),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: Math.random,
};

/**
 * Sends a request and returns its 2xx answer; throws ApiError for anything else. Transient failures (no connection, 408,
 * 425, 429, 502-504) are retried: up to `tries` attempts with exponential backoff, after the server's Retry-After.
 */
export async function request(url: string, options: RequestOptions, outside: Outside): Promise<Response> {
  const backoff = new Backoff({ ...PAUSES, random: outside.random });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(url, options, outside);
    } catch (error) {
      if (!(error instanceof ApiError) || attempt >= options.tries || !isTransient(error)) throw error;
      const asked = Math.min(PAUSES.longest, (error.retryAfterSeconds ?? 0) * 1000);
      await outside.sleep(asked + backoff.pause(attempt));
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

function isTransient(error: ApiError): boolean {
  return error.status === 0 || TRANSIENT.has(error.status);
}

export function timedOut(): ApiError {
  return new ApiError("timeout", "That took too long", "", 0);
}

export function offline(): ApiError {
  return new ApiError("offline", "No connection", "", 0);
}
