/** The shape of the lips for a sound. */

export type Shape = "closed" | "narrow" | "small" | "wide" | "round";

export interface Mouth {
  shape: Shape;
  /** How far the jaw is down, 0..1. */
  open: number;
  /** How far the corners are apart, 0..1. */
  width: number;
}

export const CLOSED: Mouth = { shape: "closed", open: 0, width: 0.62 };

/** Below this loudness the mouth is closed. */
const SILENT = 0.14;
/** From here on it is a full vowel. */
const LOUD = 0.66;
/** Brightness below which it is an "oo", and above which an "ee" or "ss". */
const DARK = 0.27;
const BRIGHT = 0.44;

/** The lips for a sound of this loudness and brightness (both 0..1, as the speaker reports them). */
export function mouthFor(level: number, brightness: number): Mouth {
  if (level < SILENT) return CLOSED;
  if (brightness > BRIGHT) return { shape: "narrow", open: 0.16 + 0.24 * level, width: 1 };
  if (brightness < DARK) return { shape: "round", open: 0.2 + 0.6 * level, width: 0.12 };
  if (level > LOUD) return { shape: "wide", open: 0.45 + 0.55 * level, width: 0.72 };
  return { shape: "small", open: 0.18 + 0.4 * level, width: 0.55 };
}

/** Lips in one place on their way to another, `seconds` later: fast to open, a little slower to close. */
export function moved(from: Mouth, to: Mouth, seconds: number): Mouth {
  const pace = 1 - Math.exp(-seconds / (to.open > from.open ? 0.03 : 0.055));
  return {
    shape: to.shape,
    open: from.open + (to.open - from.open) * pace,
    width: from.width + (to.width - from.width) * pace,
  };
}

/** The outline as an SVG path around (0, 0); closed, it is a smile. */
export function outline({ open, width }: Mouth): string {
  const half = 17 + 27 * width;
  const smile = 9 * (1 - open);
  const top = smile - 13 * open;
  const bottom = smile + 2 + 58 * open;
  const x = half.toFixed(1);
  const lift = (-smile * 0.6).toFixed(1);
  const bulge = (half * (0.75 - 0.35 * width)).toFixed(1);
  return (
    `M-${x} ${lift}C-${bulge} ${top.toFixed(1)} ${bulge} ${top.toFixed(1)} ${x} ${lift}` +
    `C${x} ${bottom.toFixed(1)} -${x} ${bottom.toFixed(1)} -${x} ${lift}Z`
  );
}
