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
  ["a PDF with a capital ending", pdf("CV.PDF")],
  ["a PDF after some junk", new File(["\r\n\r\nHTTP/1.1 200 OK\r\n%PDF-1.4"], "cv.pdf")],
  ["a DOCX", file("cv.docx", 0x50, 0x4b, 0x03, 0x04, 0x14)],
  ["a PDF of exactly 10 MB", sized(MAX_CV_BYTES)],
])("accepts %s", async (_, chosen) => {
  expect(await refuseCv(chosen)).toBeNull();
});

it.each([
  ["another ending", new File(["%PDF-1.7"], "cv.txt"), /PDF and DOCX/],
  ["no ending", new File(["%PDF-1.7"], "cv"), /PDF and DOCX/],
  ["old Word", file("cv.doc", 0xd0, 0xcf, 0x11, 0xe0), /old Word format/],
  ["an empty file", new File([], "cv.pdf"), /empty/],
  ["one byte over 10 MB", sized(MAX_CV_BYTES + 1), /the limit is 10 MB/],
  ["a PDF in name only", new File(["<html>"], "cv.pdf"), /is not a PDF/],
  ["a DOCX in name only", new File(["%PDF-1.7"], "cv.docx"), /is not a Word document/],
  ["an encrypted DOCX", file("cv.docx", 0xd0, 0xcf, 0x11, 0xe0), /password/],
])("refuses %s", async (_, chosen, reason) => {
  expect(await refuseCv(chosen)).toMatch(reason);
});

it("formats sizes", () => {
  expect([10, 1024 * 812, 1024 * 1024 * 2.44].map(megabytes)).toEqual(["1 KB", "812 KB", "2.4 MB"]);
});
