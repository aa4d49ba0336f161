import { expect, it } from "vitest";
import { SESSION } from "../testing/samples";
import type { StoredSession } from "./store";
import { exported, imported } from "./transfer";

const STORED: StoredSession = {
  session: SESSION,
  kept_at: "2026-11-20T10:00:00Z",
  ended: true,
  name: "First try",
};

it("takes the interviews that are over to another browser, with their tokens and names", () => {
  const live = { ...STORED, session: { ...SESSION, session_id: "s-2" }, ended: false };
  const [one, ...more] = imported(exported([STORED, live]));
  expect(more).toEqual([]);
  expect(one).toMatchObject({ kept_at: STORED.kept_at, ended: true, name: "First try" });
  expect(one?.session).toMatchObject({
    session_id: "s-1",
    session_token: "token-1",
    skill_topic: "Tidal energy",
  });
});

it("takes along which question was practised", () => {
  const practised = { ...STORED, session: { ...SESSION, question: "Why?" } };
  expect(imported(exported([practised, STORED])).map(({ session }) => session.question)).toEqual([
    "Why?",
    undefined,
  ]);
});

it("takes no address from a file, and no interview that is not over", () => {
  const file = exported([STORED]).replace('"ended":true', '"ended":false');
  expect(imported(file)[0]).toMatchObject({
    ended: true,
    session: { stream_url: "", conversation_url: null },
  });
});

it.each([
  "",
  "{not json",
  "[]",
  '{"format":"interviewer.sessions","sessions":[{"session":{"session_id":"s-1"}},7]}',
  '{"format":"another","sessions":[]}',
])("finds no interview in %s", (text) => {
  expect(imported(text)).toEqual([]);
});
