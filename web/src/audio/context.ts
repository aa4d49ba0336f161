/** The longest wait for `resume()`, which browsers leave pending until a click. In milliseconds. */
const RESUME_TIMEOUT_MS = 1000;

/** Resumes the context; resolves when it runs, or after a second. Its `state` says which. */
export async function resumed(context: AudioContext): Promise<void> {
  if (context.state === "running" || context.state === "closed") return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, RESUME_TIMEOUT_MS);
  });
  await Promise.race([context.resume().catch(() => undefined), timeout]);
  clearTimeout(timer);
}

/** Closes a context, unless it is closed already. */
export function closed(context: AudioContext): void {
  if (context.state !== "closed") void context.close().catch(() => undefined);
}
