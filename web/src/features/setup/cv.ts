/** Checks of a CV before it is sent. The server alone knows what it can read in a file, and explains what it can't. */

import { MAX_CV_BYTES } from "../../contract/limits.gen";

export { MAX_CV_BYTES };
export const CV_ACCEPT = ".pdf,.docx,.odt,.rtf,.txt,.md,.png,.jpg,.jpeg,.webp,.heic";

/** Why a file can't be sent as a CV; `null`: it can. */
export async function refuseCv(file: File): Promise<string | null> {
  if (file.size === 0) return "This file is empty. Choose another one.";
  if (file.size > MAX_CV_BYTES) {
    return `This file is ${megabytes(file.size)}; the limit is 10 MB. Choose a smaller one.`;
  }
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    return "Your browser can't open this file. Was it moved or deleted? Choose it again.";
  }
  return null;
}

/** A size for people: `812 KB`, `2.4 MB`. */
export function megabytes(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
