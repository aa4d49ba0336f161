import {
  BrowserClient,
  defaultStackParser,
  type ErrorEvent,
  makeFetchTransport,
  Scope,
  type StackFrame,
} from "@sentry/browser";

const scopes = new Map<string, Scope>();

/**
 * Sends one error: its type and where in the page's files it was raised. Not its message, the address, what was clicked or
 * requested: they may have what a candidate wrote or said, or name the interview.
 */
export function capture(dsn: string, error: unknown): void {
  let scope = scopes.get(dsn);
  if (!scope) {
    scope = new Scope();
    const client = new BrowserClient({
      dsn,
      // Without the second argument it looks for an untouched `fetch` in a frame of its own.
      transport: (options) => makeFetchTransport(options, (...request) => window.fetch(...request)),
      stackParser: defaultStackParser,
      // The default ones collect requests, clicks, console output and addresses.
      integrations: [],
      dataCollection: { userInfo: false },
      maxBreadcrumbs: 0,
      sendClientReports: false,
      beforeSend: reduced,
    });
    scope.setClient(client);
    client.init();
    scopes.set(dsn, scope);
  }
  scope.captureException(error);
}

function reduced({ event_id, timestamp, platform, level, exception }: ErrorEvent): ErrorEvent {
  const values = exception?.values?.map(({ type, stacktrace }) => ({
    type: type ?? "Error",
    stacktrace: { frames: stacktrace?.frames?.map(placed) ?? [] },
  }));
  return {
    type: undefined,
    ...(event_id && { event_id }),
    ...(timestamp && { timestamp }),
    ...(level && { level }),
    platform: platform ?? "javascript",
    tags: { service: "page" },
    exception: { values: values ?? [] },
  };
}

/** The place in a file of ours. The page itself has an address that names the interview. */
function placed({ filename = "", function: name, lineno, colno }: StackFrame): StackFrame {
  const path = /\/(?:assets|src)\/[^?#]*/.exec(filename)?.[0];
  return { filename: path ?? "page", function: name ?? "?", lineno: lineno ?? 0, colno: colno ?? 0 };
}
