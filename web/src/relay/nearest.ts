/** The time limit for all measurements together, in milliseconds. */
const TIMEOUT_MS = 1000;
/** Round trips that are measured, after the one that opens the connection. */
const TRIPS = 2;

export interface NearestOptions {
  signal?: AbortSignal;
  /** The time limit in milliseconds. */
  timeout?: number;
}

/**
 * The stream address of the relay with the shortest measured round trip. Relays that do not answer are left out; if none
 * answers, it is the first address. A single address is returned without measuring.
 */
export async function nearest(
  streams: readonly [string, ...string[]],
  options: NearestOptions = {},
): Promise<string> {
  if (streams.length === 1) return streams[0];
  const timeout = AbortSignal.timeout(options.timeout ?? TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const over = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const trips = new Map<string, number>();
  const all = streams.map((stream) => measure(stream, signal, (trip) => trips.set(stream, trip)));
  await Promise.race([Promise.all(all), over]);
  const measured = [...trips].sort(([, one], [, other]) => one - other);
  return measured[0]?.[0] ?? streams[0];
}

/** Reports the shortest round trip so far in milliseconds, until all are made, one fails, or the time is up. */
async function measure(stream: string, signal: AbortSignal, report: (trip: number) => void): Promise<void> {
  const health = healthOf(stream);
  let shortest = Number.POSITIVE_INFINITY;
  try {
    await ask(health, signal);
    for (let trip = 0; trip < TRIPS; trip += 1) {
      const began = performance.now();
      await ask(health, signal);
      shortest = Math.min(shortest, performance.now() - began);
      report(shortest);
    }
  } catch {
    // Earlier measurements count; without one the relay is left out.
  }
}

/** The address of the relay's health check. */
function healthOf(stream: string): string {
  const url = new URL(stream);
  return `${url.protocol === "wss:" ? "https:" : "http:"}//${url.host}/health`;
}

async function ask(health: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(health, { signal, cache: "no-store", credentials: "omit" });
  await answer.arrayBuffer();
  // It is being stopped, or it is not a relay.
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
}
