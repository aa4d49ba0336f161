import { problem } from "./error";
import { offline, timedOut } from "./request";

export interface UploadOptions {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** How much of the body has been sent, from 0 to 1. */
  onProgress?: ((sent: number) => void) | undefined;
  /** A token of Firebase App Check. */
  appCheck?: string;
}

/**
 * Posts a form once and returns the body of a 2xx answer; throws ApiError. It uses XMLHttpRequest because fetch has no
 * upload progress, and a large CV takes long over a slow connection.
 */
export function upload(url: string, form: FormData, options: UploadOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const abort = () => call.abort();
    call.open("POST", url);
    call.timeout = options.timeoutMs;
    call.setRequestHeader("Accept", "application/json, application/problem+json");
    if (options.appCheck) call.setRequestHeader("X-Firebase-AppCheck", options.appCheck);
    call.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable && event.total > 0) options.onProgress?.(event.loaded / event.total);
    });
    call.addEventListener("load", () => {
      if (call.status >= 200 && call.status < 300) resolve(call.responseText);
      else reject(problem(call.status, call.responseText, call.getResponseHeader("Retry-After")));
    });
    call.addEventListener("error", () => reject(offline()));
    call.addEventListener("timeout", () => reject(timedOut()));
    call.addEventListener("abort", () => reject(new DOMException("Cancelled", "AbortError")));
    call.addEventListener("loadend", () => options.signal?.removeEventListener("abort", abort));
    options.signal?.addEventListener("abort", abort);
    call.send(form);
  });
}
