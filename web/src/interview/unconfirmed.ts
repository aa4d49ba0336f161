import { isObject, isText } from "../contract/check";
import type { Unconfirmed } from "../relay/state";

/** Typed answers that wait for the relay survive a reload: they are kept for as long as the tab, and for one interview. */
const PREFIX = "interviewer.unconfirmed.";

/** The id of an answer. `crypto.randomUUID` is not there on a page without HTTPS. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The answers that were kept; none where the browser refuses storage. */
export function loadUnconfirmed(sessionId: string | undefined): readonly Unconfirmed[] {
  if (!sessionId) return [];
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(PREFIX + sessionId) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isUnconfirmed) : [];
  } catch {
    return [];
  }
}

export function keepUnconfirmed(sessionId: string | undefined, answers: readonly Unconfirmed[]): void {
  if (!sessionId) return;
  try {
    if (answers.length === 0) sessionStorage.removeItem(PREFIX + sessionId);
    else sessionStorage.setItem(PREFIX + sessionId, JSON.stringify(answers));
  } catch {
    // Full or forbidden: this page still has them.
  }
}

function isUnconfirmed(value: unknown): value is Unconfirmed {
  return isObject(value) && isText(value.id) && isText(value.text);
}
