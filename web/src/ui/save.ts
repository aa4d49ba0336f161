/** After this long the address of the file is revoked, in milliseconds. */
const GRACE_MS = 60_000;

/** Saves a file as a download. */
export function save({ blob, filename }: { blob: Blob; filename: string }): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), GRACE_MS);
}
