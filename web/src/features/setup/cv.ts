/** What is checked of a CV before it is sent; the server has the last word. */

import { MAX_CV_BYTES } from "../../contract/limits.gen";

export { MAX_CV_BYTES };
export const CV_ACCEPT =
  ".pdf,.docx,application/pdf,application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const PDF = [0x25, 0x50, 0x44, 0x46, 0x2d]; // %PDF-
const ZIP = [0x50, 0x4b, 0x03, 0x04]; // what a DOCX is inside
const OLD_WORD = [0xd0, 0xcf, 0x11, 0xe0];
/** A PDF may open with a little junk; readers look this far for its mark. */
const PDF_MARK_WITHIN = 1024;

/** Says what is wrong with a chosen file, or null when it looks like a CV we can take. */
export async function refuseCv(file: File): Promise<string | null> {
  const name = file.name.toLowerCase();
  const pdf = name.endsWith(".pdf");
  if (name.endsWith(".doc"))
    return "This is the old Word format. Save it as PDF or DOCX and choose that file.";
  if (!pdf && !name.endsWith(".docx")) return "We can read PDF and DOCX files. Choose one of those.";
  if (file.size === 0) return "This file is empty. Choose another one.";
  if (file.size > MAX_CV_BYTES) {
    return `This file has ${megabytes(file.size)}; 10 MB is the most we take. Choose a smaller one.`;
  }
  let head: Uint8Array;
  try {
    head = new Uint8Array(await file.slice(0, PDF_MARK_WITHIN).arrayBuffer());
  } catch {
    return "Your browser can't open this file. Was it moved or deleted? Choose it again.";
  }
  if (pdf && !contains(head, PDF)) return "The name says PDF, but there is no PDF inside. Export it again.";
  if (!pdf && startsWith(head, OLD_WORD)) {
    return "This DOCX is protected by a password, or really an old Word file. Save an open DOCX or a PDF.";
  }
  if (!pdf && !startsWith(head, ZIP)) {
    return "The name says DOCX, but there is no Word document inside. Export it again.";
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
