import type { Competency, Evidence } from "../../api/types";

/** A competency in two interviews on the same rubric. */
export interface Compared {
  key: string;
  name: string;
  before: Competency | null;
  now: Competency | null;
  change: "higher" | "lower" | "same" | "unclear" | "unknown";
}

/** The competencies of the later interview beside those of the earlier one. One that either lacks is `null` there. */
export function compare(earlier: Competency[], later: Competency[]): Compared[] {
  const keys = new Set([...later, ...earlier].map(({ key }) => key));
  return [...keys].map((key) => {
    const before = earlier.find((one) => one.key === key) ?? null;
    const now = later.find((one) => one.key === key) ?? null;
    return { key, name: now?.name ?? before?.name ?? key, before, now, change: changeOf(before, now) };
  });
}

/** Only ranges that don't overlap differ for certain. */
function changeOf(before: Competency | null, now: Competency | null): Compared["change"] {
  const then = rangeOf(before);
  const later = rangeOf(now);
  if (!then || !later) return "unknown";
  if (later.low > then.high) return "higher";
  if (later.high < then.low) return "lower";
  return later.low === then.low && later.high === then.high ? "same" : "unclear";
}

function rangeOf(competency: Competency | null): { low: number; high: number } | null {
  if (!competency || competency.low === null || competency.high === null) return null;
  return { low: competency.low, high: competency.high };
}

/** The first quote that a competency's scores rest on. */
export function quoteOf(competency: Competency | null): Evidence | null {
  return competency?.findings.flatMap(({ evidence }) => evidence)[0] ?? null;
}
