/** How long the relays are given to answer, all together, in milliseconds. */
const PATIENCE_MS = 1000;
/** Round trips that count, after the one that opens the connection. */
const TRIPS = 2;

export interface NearestOptions {
  signal?: AbortSignal;
  /** Milliseconds. */
  patience?: number;
}

/**
 * The stream address whose relay is the nearest by measured round trip; a relay that does not answer is no candidate.
 * When none does, the first: it will say for itself what is wrong. Of one there is nothing to measure.
 */
export async function nearest(
  streams: readonly [string, ...string[]],
  options: NearestOptions = {},
): Promise<string> {
  if (streams.length === 1) return streams[0];
  const patience = AbortSignal.timeout(options.patience ?? PATIENCE_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, patience]) : patience;
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

/** Reports the shortest trip so far in milliseconds, until all are made, one fails, or it has taken too long. */
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
    // What was measured before stands; without a measurement it is no candidate.
  }
}

/** Where the relay of this stream says how it is. */
function healthOf(stream: string): string {
  const url = new URL(stream);
  return `${url.protocol === "wss:" ? "https:" : "http:"}//${url.host}/health`;
}

async function ask(health: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(health, { signal, cache: "no-store", credentials: "omit" });
  await answer.arrayBuffer();
  // It is going, or is none of ours.
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
}
