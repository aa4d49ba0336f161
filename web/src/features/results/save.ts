import type { Download } from "../../api/client";

/** How long a browser gets to begin reading the file before its address is taken back, in milliseconds. */
const GRACE_MS = 60_000;

/** Hands a file to the browser's own download. */
export function save({ blob, filename }: Download): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), GRACE_MS);
}
