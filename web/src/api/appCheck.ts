import type { AppCheck } from "../contract/http.gen";
import type { Api } from "./client";
import { ApiError } from "./error";

/** Gets a token for one call. */
export type Attest = (keys: AppCheck) => Promise<string>;

const TIMEOUT_MS = 20_000;

/** Firebase's SDK is loaded with the first start, and only where App Check is configured. */
const attest: Attest = async (keys) => (await import("./firebase")).token(keys);

/** The API whose `start` sends a token of Firebase App Check. Without a token it throws ApiError `app_check`. */
export function withAppCheck(api: Api, keys: AppCheck, token: Attest = attest): Api {
  return {
    ...api,
    async start(wanted, options) {
      return api.start(wanted, { ...options, appCheck: await inTime(token(keys)) });
    },
  };
}

async function inTime(token: Promise<string>): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, TIMEOUT_MS);
  });
  try {
    return await Promise.race([token, late]);
  } catch {
    throw new ApiError("app_check", "We can't check your browser", "", 0);
  } finally {
    clearTimeout(timer);
  }
}
