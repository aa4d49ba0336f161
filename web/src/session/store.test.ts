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

  it("gives a session the candidate's name, and takes it away", () => {
    const sessions = createSessionStore(localStorage, NOON);
    sessions.save(SESSION);
    sessions.rename("s-1", " First try ");
    sessions.rename("s-2", "Nobody");
    expect(
      createSessionStore(localStorage, NOON)
        .all()
        .map(({ name }) => name),
    ).toEqual(["First try"]);
    sessions.rename("s-1", " ");
    expect(sessions.find("s-1")).not.toHaveProperty("name");
  });

  it("adds sessions of another browser, but none twice and none that has expired", () => {
    const sessions = createSessionStore(localStorage, NOON);
    sessions.save(SESSION);
    const other = (session_id: string, expires_at: string) => ({
      session: { ...SESSION, session_id, expires_at, skill_topic: "Wind" },
      kept_at: "2026-11-20T10:00:00Z",
      ended: true,
    });
    const late = SESSION.expires_at;
    expect(sessions.add([other("s-1", late), other("s-2", late), other("s-3", "2026-11-01T00:00:00Z")])).toBe(
      1,
    );
    expect(sessions.all().map(({ session }) => session.skill_topic)).toEqual(["Tidal energy", "Wind"]);
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
