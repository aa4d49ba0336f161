import { describe, expect, it } from "vitest";
import { SESSION } from "../testing/samples";
import { createShelf } from "./store";

const NOON = () => new Date("2026-11-22T12:00:00Z");

describe("a shelf", () => {
  it("finds a session again after a reload", () => {
    createShelf(localStorage, NOON).keep(SESSION);
    expect(createShelf(localStorage, NOON).find("s-1")).toEqual({
      session: SESSION,
      kept_at: "2026-11-22T12:00:00.000Z",
      ended: false,
    });
  });

  it("changes some of what it keeps, and nothing of what it does not", () => {
    const shelf = createShelf(localStorage, NOON);
    shelf.keep(SESSION);
    shelf.markEnded("s-1");
    shelf.change("s-1", { conversation_url: "https://tavus.daily.co/c2", output: "voice" });
    shelf.change("s-2", { output: "voice" });
    expect(createShelf(localStorage, NOON).find("s-1")).toMatchObject({
      session: { ...SESSION, conversation_url: "https://tavus.daily.co/c2", output: "voice" },
      ended: true,
    });
    expect(shelf.all()).toHaveLength(1);
  });

  it("remembers that the room was left for good", () => {
    createShelf(localStorage, NOON).keep(SESSION);
    createShelf(localStorage, NOON).markEnded("s-1");
    expect(createShelf(localStorage, NOON).find("s-1")?.ended).toBe(true);
  });

  it("forgets what has expired, token and all", () => {
    createShelf(localStorage, NOON).keep({ ...SESSION, expires_at: "2026-11-22T12:00:01Z" });
    const later = createShelf(localStorage, () => new Date("2026-11-22T12:00:02Z"));
    expect(later.all()).toEqual([]);
    expect(localStorage.length).toBe(0);
  });

  it("forgets what was deleted", () => {
    const shelf = createShelf(localStorage, NOON);
    shelf.keep(SESSION);
    shelf.remove("s-1");
    expect(shelf.find("s-1")).toBeNull();
    expect(JSON.stringify(localStorage)).not.toContain("token-1");
  });

  it("lists the newest first", () => {
    createShelf(localStorage, NOON).keep({ ...SESSION, session_id: "old" });
    createShelf(localStorage, () => new Date("2026-11-22T13:00:00Z")).keep({ ...SESSION, session_id: "new" });
    const all = createShelf(localStorage, NOON).all();
    expect(all.map(({ session }) => session.session_id)).toEqual(["new", "old"]);
  });

  it("passes over what others left in the storage", () => {
    localStorage.setItem("interviewer.session.x", "{not json");
    localStorage.setItem("interviewer.session.y", '{"session":{}}');
    expect(createShelf(localStorage, NOON).all()).toEqual([]);
  });

  it("holds a session for this page where the browser stores nothing", () => {
    const shelf = createShelf(null, NOON);
    shelf.keep(SESSION);
    expect(shelf.find("s-1")?.session).toEqual(SESSION);
    expect(shelf.all()).toHaveLength(1);
  });
});
