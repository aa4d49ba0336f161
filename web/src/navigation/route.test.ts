import { expect, it } from "vitest";
import { parse, pathOf } from "./route";

it.each([
  ["/", { page: "setup" }],
  ["/check", { page: "check" }],
  ["/check/", { page: "check" }],
  ["/interview/abc-1", { page: "room", sessionId: "abc-1" }],
  ["/results/abc-1", { page: "results", sessionId: "abc-1" }],
  ["/results", { page: "unknown" }],
  ["/results/a/b", { page: "unknown" }],
  ["/nowhere", { page: "unknown" }],
])("parses %s", (path, route) => {
  expect(parse(path)).toEqual(route);
});

it("formats what it parses", () => {
  expect(parse(pathOf({ page: "room", sessionId: "s-1" }))).toEqual({ page: "room", sessionId: "s-1" });
});
