/** Checks of a CV before it is sent; the server checks again. */

import { MAX_CV_BYTES } from "../../contract/limits.gen";

export { MAX_CV_BYTES };
export const CV_ACCEPT =
  ".pdf,.docx,application/pdf,application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const PDF = [0x25, 0x50, 0x44, 0x46, 0x2d]; // %PDF-
const ZIP = [0x50, 0x4b, 0x03, 0x04]; // what a DOCX is inside
const OLD_WORD = [0xd0, 0xcf, 0x11, 0xe0];
/** A PDF may start with other bytes; readers look for its mark within this many. */
const PDF_MARK_WITHIN = 1024;

/** Why a file can't be sent as a CV; `null`: it can. */
export async function refuseCv(file: File): Promise<string | null> {
  const name = file.name.toLowerCase();
  const pdf = name.endsWith(".pdf");
  if (name.endsWith(".doc"))
    return "This is the old Word format. Save it as PDF or DOCX and choose that file.";
  if (!pdf && !name.endsWith(".docx")) return "We can read PDF and DOCX files. Choose one of those.";
  if (file.size === 0) return "This file is empty. Choose another one.";
  if (file.size > MAX_CV_BYTES) {
    return `This file has ${megabytes(file.size)}; the limit is 10 MB. Choose a smaller one.`;
  }
  let head: Uint8Array;
  try {
    head = new Uint8Array(await file.slice(0, PDF_MARK_WITHIN).arrayBuffer());
  } catch {
    return "Your browser can't open this file. Was it moved or deleted? Choose it again.";
  }
  if (pdf && !contains(head, PDF)) return "The name says PDF, but the file is not a PDF. Export it again.";
  if (!pdf && startsWith(head, OLD_WORD)) {
    return "This DOCX is protected by a password, or is an old Word file. Save it as a DOCX or PDF without a password.";
  }
  if (!pdf && !startsWith(head, ZIP)) {
    return "The name says DOCX, but the file is not a Word document. Export it again.";
  }
  return null;
}

/** A size for people: `812 KB`, `2.4 MB`. */
export function megabytes(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function startsWith(bytes: Uint8Array, mark: number[], from = 0): boolean {
  return mark.every((byte, index) => bytes[from + index] === byte);
}

function contains(bytes: Uint8Array, mark: number[]): boolean {
  return bytes.some((_, index) => startsWith(bytes, mark, index));
}
