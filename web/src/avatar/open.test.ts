import { expect, it } from "vitest";
import { isDaily, openDailyRoom } from "./open";
import { ForeignRoomError } from "./room";

const EVENTS = { onready: () => undefined, onspeaking: () => undefined, onlost: () => undefined };

const FOREIGN = [
  "http://127.0.0.1:4000/rooms/c1",
  "ws://127.0.0.1:4000/rooms/c1",
  "http://tavus.daily.co/c1",
  "https://daily.co.example.org/c1",
  "https://notdaily.co/c1",
  "https://example.org/https://tavus.daily.co/c1",
  "https://tavus.daily.co@example.org/c1",
  "javascript:alert(1)//daily.co",
  "not an address",
  "",
];

it.each([
  "https://tavus.daily.co/c1",
  "https://daily.co/c1",
  "https://tavus.dailywebrtc.com/c1",
  "https://tavus.dailywebrtc.net/c1",
])("%s is a room of Daily", (url) => {
  expect(isDaily(url)).toBe(true);
});

it.each(FOREIGN)("%s is refused", async (url) => {
  expect(isDaily(url)).toBe(false);
  await expect(openDailyRoom({ url, token: "t1" }, EVENTS)).rejects.toBeInstanceOf(ForeignRoomError);
});

it("keeps daily-js in a chunk of its own that an interview by voice never loads", () => {
  const sources = import.meta.glob<string>("../**/*.{ts,tsx}", {
    query: "?raw",
    import: "default",
    eager: true,
  });
  const importers = (what: RegExp) =>
    Object.entries(sources)
      .filter(([path, source]) => !path.includes("test") && what.test(source))
      .map(([path]) => path);
  expect(importers(/from "@daily-co\/daily-js"/)).toEqual(["./daily.ts"]);
  expect(importers(/from "\.[./a-z]*\/daily"/)).toEqual([]);
  expect(importers(/import\("\.\/daily"\)/)).toEqual(["./open.ts"]);
});
