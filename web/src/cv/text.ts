import { MAX_CV_TEXT } from "../contract/limits.gen";

/** Characters of a CV's text as the API counts them: code points, without the blanks around them. */
export function size(text: string): number {
  return [...text.trim()].length;
}

/** Why a text can't be a CV's; `null`: it can. */
export function refuseText(text: string): string | null {
  if (!/[\p{L}\p{N}]/u.test(text)) return "There is no text left. Write something, or remove the CV.";
  const over = size(text) - MAX_CV_TEXT;
  if (over <= 0) return null;
  return `That is ${over.toLocaleString("en-US")} characters too long. The limit is ${MAX_CV_TEXT.toLocaleString("en-US")}.`;
}
