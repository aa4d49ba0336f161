import { expect, it } from "vitest";
import { filenameOf } from "./filename";

it.each([
  ['attachment; filename="interview-react-2026-11-22.txt"', "interview-react-2026-11-22.txt"],
  ["attachment; filename=plain.md", "plain.md"],
  ["attachment; filename=\"a.txt\"; filename*=UTF-8''caf%C3%A9.txt", "café.txt"],
  ["attachment; filename*=UTF-8''%E0%A4%A; filename=\"spare.txt\"", "spare.txt"],
  ['attachment; filename="say \\"hi\\".txt"', 'say "hi".txt'],
  ['attachment; filename="../../etc/passwd"', "passwd"],
  ["attachment", null],
  [null, null],
])("reads %s", (header, name) => {
  expect(filenameOf(header)).toBe(name);
});
