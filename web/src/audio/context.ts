/** Browsers leave `resume()` unanswered while they wait for a click: nobody waits longer than this for it. */
const PATIENCE_MS = 1000;

/** Asks the context to run; resolves when it does, or after a second at most. Ask its `state` what came of it. */
export async function resumed(context: AudioContext): Promise<void> {
  if (context.state === "running" || context.state === "closed") return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeouts = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([context.resume().catch(() => undefined), timeouts]);
  clearTimeout(timer);
}

/** Closes a context that may be closed already. */
export function closed(context: AudioContext): void {
  if (context.state !== "closed") void context.close().catch(() => undefined);
}
