import { describe, expect, it } from "vitest";
import { SESSION } from "../testing/samples";
import { createSessionStore } from "./store";

const NOON = () => new Date("2026-11-22T12:00:00Z");

describe("the session store", () => {
  it("finds a session again after a reload", () => {
    createSessionStore(localStorage, NOON).save(SESSION);
    expect(createSessionStore(localStorage, NOON).find("s-1")).toEqual({
      session: SESSION,
      kept_at: "2026-11-22T12:00:00.000Z",
      ended: false,
    });
  });

  it("updates a stored session, and ignores an unknown one", () => {
    const sessions = createSessionStore(localStorage, NOON);
    sessions.save(SESSION);
    sessions.markEnded("s-1");
    sessions.update("s-1", { conversation_url: "https://tavus.daily.co/c2", output: "voice" });
    sessions.update("s-2", { output: "voice" });
    expect(createSessionStore(localStorage, NOON).find("s-1")).toMatchObject({
      session: { ...SESSION, conversation_url: "https://tavus.daily.co/c2", output: "voice" },
      ended: true,
    });
    expect(sessions.all()).toHaveLength(1);
  });

  it("remembers that the interview has ended", () => {
    createSessionStore(localStorage, NOON).save(SESSION);
    createSessionStore(localStorage, NOON).markEnded("s-1");
    expect(createSessionStore(localStorage, NOON).find("s-1")?.ended).toBe(true);
  });

  it("removes expired sessions with their tokens", () => {
    createSessionStore(localStorage, NOON).save({ ...SESSION, expires_at: "2026-11-22T12:00:01Z" });
    const later = createSessionStore(localStorage, () => new Date("2026-11-22T12:00:02Z"));
    expect(later.all()).toEqual([]);
    expect(localStorage.length).toBe(0);
  });

  it("removes a deleted session with its token", () => {
    const sessions = createSessionStore(localStorage, NOON);
    sessions.save(SESSION);
    sessions.remove("s-1");
    expect(sessions.find("s-1")).toBeNull();
    expect(JSON.stringify(localStorage)).not.toContain("token-1");
  });

  it("lists the newest first", () => {
    createSessionStore(localStorage, NOON).save({ ...SESSION, session_id: "old" });
    createSessionStore(localStorage, () => new Date("2026-11-22T13:00:00Z")).save({
      ...SESSION,
      session_id: "new",
    });
    const all = createSessionStore(localStorage, NOON).all();
    expect(all.map(({ session }) => session.session_id)).toEqual(["new", "old"]);
  });

  it("ignores invalid entries", () => {
    localStorage.setItem("interviewer.session.x", "{not json");
    localStorage.setItem("interviewer.session.y", '{"session":{}}');
    expect(createSessionStore(localStorage, NOON).all()).toEqual([]);
  });

  it("keeps a session in memory where the browser has no storage", () => {
    const sessions = createSessionStore(null, NOON);
    sessions.save(SESSION);
    expect(sessions.find("s-1")?.session).toEqual(SESSION);
    expect(sessions.all()).toHaveLength(1);
  });
});
