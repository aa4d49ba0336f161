import type { Session } from "./session";

const PREFIX = "interviewer.session.";

/** A session with what only this browser knows of it. */
export interface Kept {
  session: Session;
  /** ISO 8601, UTC. */
  kept_at: string;
  /** The room was left for good: what is next is the results. */
  ended: boolean;
}

/**
 * The sessions of this browser, one entry each, so that two tabs don't overwrite one another. They outlive a reload and
 * a closed tab, and go when they expire or are deleted. A browser that refuses storage loses them with the page.
 */
export interface Shelf {
  keep(session: Session): void;
  find(sessionId: string): Kept | null;
  /** Changes some of a session that is kept. */
  change(sessionId: string, part: Partial<Session>): void;
  markEnded(sessionId: string): void;
  remove(sessionId: string): void;
  /** Newest first; the expired ones are thrown out on the way. */
  all(): Kept[];
}

export function createShelf(
  storage: Storage | null = available(),
  now: () => Date = () => new Date(),
): Shelf {
  const memory = new Map<string, Kept>();

  function write(kept: Kept): void {
    const { session_id } = kept.session;
    memory.set(session_id, kept);
    try {
      storage?.setItem(PREFIX + session_id, JSON.stringify(kept));
    } catch {
      // Full or forbidden: this page still has it in memory.
    }
  }

  function find(sessionId: string): Kept | null {
    const kept = read(storage, PREFIX + sessionId) ?? memory.get(sessionId) ?? null;
    if (!kept || !(Date.parse(kept.session.expires_at) <= now().getTime())) return kept;
    remove(sessionId);
    return null;
  }

  function remove(sessionId: string): void {
    memory.delete(sessionId);
    storage?.removeItem(PREFIX + sessionId);
  }

  return {
    keep: (session) => write({ session, kept_at: now().toISOString(), ended: false }),
    find,
    change(sessionId, part) {
      const kept = find(sessionId);
      if (kept) write({ ...kept, session: { ...kept.session, ...part } });
    },
    markEnded(sessionId) {
      const kept = find(sessionId);
      if (kept) write({ ...kept, ended: true });
    },
    remove,
    all() {
      const stored = storage ? Object.keys(storage).filter((key) => key.startsWith(PREFIX)) : [];
      const ids = new Set([...stored.map((key) => key.slice(PREFIX.length)), ...memory.keys()]);
      return [...ids]
        .flatMap((id) => find(id) ?? [])
        .sort((one, other) => other.kept_at.localeCompare(one.kept_at));
    },
  };
}

function read(storage: Storage | null, key: string): Kept | null {
  try {
    const kept = JSON.parse(storage?.getItem(key) ?? "null") as Kept | null;
    return typeof kept?.session?.session_token === "string" ? kept : null;
  } catch {
    return null;
  }
}

function available(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
