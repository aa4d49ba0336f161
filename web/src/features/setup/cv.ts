/** What is checked of a CV before it is sent. What can be read in a file, the server alone knows, and says why not. */

export const MAX_CV_BYTES = 10 * 1024 * 1024;
export const CV_ACCEPT = ".pdf,.docx,.odt,.rtf,.txt,.md,.png,.jpg,.jpeg,.webp,.heic";

/** Says what is wrong with a chosen file, or null when it may be sent. */
export async function refuseCv(file: File): Promise<string | null> {
  if (file.size === 0) return "This file is empty. Choose another one.";
  if (file.size > MAX_CV_BYTES) {
    return `This file has ${megabytes(file.size)}; 10 MB is the most we take. Choose a smaller one.`;
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
