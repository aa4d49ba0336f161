import { expect, it } from "vitest";
import { Backlog } from "./backlog";

it("reports the queue as empty only when everything sent has left it", () => {
  const backlog = new Backlog(100);
  backlog.push(10);
  backlog.push(10);
  expect(backlog.report(15)).toBe(false);
  expect(backlog.waiting).toBe(5);
  // The queue ran dry of what it had; another frame is on its way.
  backlog.push(10);
  expect(backlog.report(20)).toBe(false);
  expect(backlog.report(30)).toBe(true);
  expect(backlog.waiting).toBe(0);
});

it("reports it once", () => {
  const backlog = new Backlog(100);
  expect(backlog.report(0)).toBe(false);
  backlog.push(1);
  expect(backlog.report(1)).toBe(true);
  expect(backlog.report(1)).toBe(false);
});

it("refuses what exceeds its limit", () => {
  const backlog = new Backlog(10);
  expect(backlog.push(10)).toBe(true);
  expect(backlog.push(1)).toBe(false);
  expect(backlog.pushed).toBe(10);
  backlog.report(4);
  expect(backlog.push(4)).toBe(true);
});
