const MOST = 10;

/**
 * Sends the page's errors to Sentry from now on, the first ten of them; returns a function that stops it. Sentry's SDK is
 * loaded with the first error, so a page without errors or without a DSN loads nothing.
 */
export function watchErrors(dsn: string): () => void {
  const stopped = new AbortController();
  const { signal } = stopped;
  let sent = 0;

  function send(error: unknown): void {
    sent += 1;
    if (sent > MOST) return;
    // The SDK's file may be gone, after a release or without a network. That must not become another error.
    import("./sentry").then(
      ({ capture }) => capture(dsn, error),
      () => undefined,
    );
  }

  window.addEventListener("error", ({ error }) => send(error), { signal });
  window.addEventListener("unhandledrejection", ({ reason }) => send(reason), { signal });
  return () => stopped.abort();
}
