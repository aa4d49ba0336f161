import { expect, it } from "vitest";
import { pdf } from "../../testing/samples";
import { MAX_CV_BYTES, megabytes, refuseCv } from "./cv";

function file(name: string, ...bytes: number[]): File {
  return new File([new Uint8Array(bytes)], name);
}

/** A file that reports a size without having it. */
function sized(size: number): File {
  return Object.defineProperty(pdf(), "size", { value: size });
}

it.each([
  ["a PDF", pdf()],
  ["a DOCX", file("cv.docx", 0x50, 0x4b, 0x03, 0x04, 0x14)],
  ["a text", new File(["Ada Lovelace"], "cv.txt")],
  ["what only the server can judge", file("cv.doc", 0xd0, 0xcf, 0x11, 0xe0)],
  ["a PDF of exactly 10 MB", sized(MAX_CV_BYTES)],
])("accepts %s", async (_, chosen) => {
  expect(await refuseCv(chosen)).toBeNull();
});

it.each([
  ["an empty file", new File([], "cv.pdf"), /empty/],
  ["one byte over 10 MB", sized(MAX_CV_BYTES + 1), /the limit is 10 MB/],
])("refuses %s", async (_, chosen, reason) => {
  expect(await refuseCv(chosen)).toMatch(reason);
});

it("formats sizes", () => {
  expect([10, 1024 * 812, 1024 * 1024 * 2.44].map(megabytes)).toEqual(["1 KB", "812 KB", "2.4 MB"]);
});
