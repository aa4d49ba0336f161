import { vi } from "vitest";

/** How long a busy machine may take for what takes no time on an idle one, in milliseconds. */
export const BUSY_MS = 15_000;

/** Waits for a check to hold. */
export function until<T>(check: () => T): Promise<T> {
  return vi.waitFor(check, BUSY_MS);
}
