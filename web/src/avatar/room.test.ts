import { expect, it } from "vitest";
import { isDaily } from "./room";

it.each([
  ["https://tavus.daily.co/c1", true],
  ["https://daily.co/c1", true],
  ["http://127.0.0.1:4000/rooms/c1", false],
  ["https://daily.co.example.org/c1", false],
  ["https://notdaily.co/c1", false],
])("tells Daily's rooms from the stand-in's: %s", (url, daily) => {
  expect(isDaily(url)).toBe(daily);
});
