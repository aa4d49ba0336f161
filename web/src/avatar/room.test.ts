import { expect, it } from "vitest";
import { isDaily } from "./room";

it.each([
  ["https://tavus.daily.co/c1", true],
  ["https://daily.co/c1", true],
  ["https://tavus.dailywebrtc.com/c1", true],
  ["http://127.0.0.1:4000/rooms/c1", false],
  ["https://daily.co.example.org/c1", false],
  ["https://notdaily.co/c1", false],
])("tells Daily's rooms from the stand-in's: %s", (url, daily) => {
  expect(isDaily(url)).toBe(daily);
});

it("leaves each kind of room, and daily-js, to a chunk of its own that voice alone never loads", () => {
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
  expect(importers(/from "\.[./a-z]*\/(daily|standin)"/)).toEqual([]);
  expect(importers(/import\("\.\/(daily|standin)"\)/)).toEqual(["./room.ts"]);
});
