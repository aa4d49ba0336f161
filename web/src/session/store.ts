import type { Session } from "./session";

const PREFIX = "interviewer.session.";

/** A session with what only this browser knows of it. */
export interface StoredSession {
  session: Session;
  /** When it was stored; ISO 8601, UTC. */
  kept_at: string;
  /** The room was left for good: the results are next. */
  ended: boolean;
  /** What the candidate calls it; none: its own title. */
  name?: string;
}

/**
 * The sessions of this browser, one entry each, so that two tabs don't overwrite each other. They outlive a reload and a
 * closed tab, and are removed when they expire or are deleted. Where the browser refuses storage they last as long as the
 * page.
 */
export interface SessionStore {
  save(session: Session): void;
  find(sessionId: string): StoredSession | null;
  /** Changes part of a stored session. */
  update(sessionId: string, part: Partial<Session>): void;
  markEnded(sessionId: string): void;
  /** An empty name removes it. */
  rename(sessionId: string, name: string): void;
  /** Adds sessions of another browser; one that is here already, or has expired, is left out. Returns how many it added. */
  add(sessions: StoredSession[]): number;
  remove(sessionId: string): void;
  /** Newest first. Removes the expired ones. */
  all(): StoredSession[];
}

/** What an interview is called where it has no name: its topic, or the one question that was practised. */
export function titleOf({ question, skill_topic }: Session): string {
  return question ? `One question: ${question}` : skill_topic;
}

export function createSessionStore(
  storage: Storage | null = available(),
  now: () => Date = () => new Date(),
): SessionStore {
  const memory = new Map<string, StoredSession>();

  function write(stored: StoredSession): void {
    const { session_id } = stored.session;
    memory.set(session_id, stored);
    try {
      storage?.setItem(PREFIX + session_id, JSON.stringify(stored));
    } catch {
      // Full or forbidden: this page still has it in memory.
    }
  }

  function find(sessionId: string): StoredSession | null {
    const stored = read(storage, PREFIX + sessionId) ?? memory.get(sessionId) ?? null;
    if (!stored || !isExpired(stored, now())) return stored;
    remove(sessionId);
    return null;
  }

  function remove(sessionId: string): void {
    memory.delete(sessionId);
    storage?.removeItem(PREFIX + sessionId);
  }

  return {
    save: (session) => write({ session, kept_at: now().toISOString(), ended: false }),
    find,
    update(sessionId, part) {
      const stored = find(sessionId);
      if (stored) write({ ...stored, session: { ...stored.session, ...part } });
    },
    markEnded(sessionId) {
      const stored = find(sessionId);
      if (stored) write({ ...stored, ended: true });
    },
    rename(sessionId, name) {
      const stored = find(sessionId);
      if (!stored) return;
      const { name: _, ...rest } = stored;
      write(name.trim() ? { ...rest, name: name.trim() } : rest);
    },
    add(others) {
      const valid = others.filter(({ session }) => !(Date.parse(session.expires_at) <= now().getTime()));
      const fresh = valid.filter(({ session }) => !find(session.session_id));
      for (const one of fresh) write(one);
      return fresh.filter(({ session }) => find(session.session_id)).length;
    },
    remove,
    all() {
      const keys = storage ? Object.keys(storage).filter((key) => key.startsWith(PREFIX)) : [];
      const ids = new Set([...keys.map((key) => key.slice(PREFIX.length)), ...memory.keys()]);
      return [...ids]
        .flatMap((id) => find(id) ?? [])
        .sort((one, other) => other.kept_at.localeCompare(one.kept_at));
    },
  };
}

/**
 * Whether all data of the session is deleted. A session that had expired when it was stored tells that this device's clock
 * is wrong: then the server's answer counts.
 */
function isExpired({ session, kept_at }: StoredSession, now: Date): boolean {
  const expires = Date.parse(session.expires_at);
  return expires <= now.getTime() && !(expires <= Date.parse(kept_at));
}

function read(storage: Storage | null, key: string): StoredSession | null {
  try {
    const stored = JSON.parse(storage?.getItem(key) ?? "null") as StoredSession | null;
    return typeof stored?.session?.session_token === "string" ? stored : null;
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
