import { CLOSED, type Mouth, mouthFor, moved } from "./mouth";

/** What the interviewer is doing. `waiting`: the candidate takes time to think. `away`: there is no connection. */
export type Activity = "speaking" | "listening" | "waiting" | "thinking" | "away";

/** The figure at one moment. */
export interface Pose {
  mouth: Mouth;
  /** How far the lids are down, 0..1. */
  lids: number;
  /** Where the eyes look, each -1..1, right and down positive. */
  gaze: { x: number; y: number };
  /** How far the brows are up, -1..1. */
  brows: number;
  /** Degrees the head leans to its left. */
  tilt: number;
  /** How far head and body are lifted, in units of the drawing. */
  lift: number;
  breath: number;
}

export const REST: Pose = {
  mouth: CLOSED,
  lids: 0,
  gaze: { x: 0, y: 0 },
  brows: 0,
  tilt: 0,
  lift: 0,
  breath: 0,
};

export interface Cue {
  activity: Activity;
  /** Of the interviewer's voice: how loud and how bright it sounds, 0..1. */
  level: number;
  brightness: number;
  /** How loud the candidate is, 0..1. */
  candidate: number;
  /** Nothing has happened for a while: every motion comes to rest. */
  resting: boolean;
  /** The system is set to reduced motion, or the person wants a still picture. */
  still: boolean;
}

/** From this loudness on the candidate speaks. */
export const HEARD = 0.3;
/** After this many milliseconds of nothing the figure rests: longer motion would need a control beside it (WCAG 2.2.2). */
const RESTS_AFTER_MS = 5000;

/** Tells whether nothing has happened for 5 s: the same activity, and no sound. `now` in milliseconds. */
export function idling(): (activity: Activity, sound: boolean, now: number) => boolean {
  let before: Activity | null = null;
  let since = 0;
  return (activity, sound, now) => {
    if (activity !== before || sound) since = now;
    before = activity;
    return now - since >= RESTS_AFTER_MS;
  };
}

const AIMS: Record<Activity, Pick<Pose, "brows" | "tilt" | "gaze">> = {
  speaking: { brows: 0.1, tilt: 0, gaze: { x: 0, y: 0 } },
  listening: { brows: 0.5, tilt: 4, gaze: { x: 0, y: 0.08 } },
  waiting: { brows: 0.3, tilt: 8, gaze: { x: -0.1, y: 0.3 } },
  thinking: { brows: 0.9, tilt: -3, gaze: { x: 0.7, y: -0.75 } },
  away: { brows: -0.3, tilt: -5, gaze: { x: 0, y: 0 } },
};

/** The pose `seconds` after `from`, at `time` (seconds since the figure came up). */
export function nextPose(from: Pose, cue: Cue, time: number, seconds: number): Pose {
  if (cue.still) return stillPose(cue);
  const aim = AIMS[cue.activity];
  const ease = (now: number, to: number, constant: number) =>
    now + (to - now) * (1 - Math.exp(-seconds / constant));
  // The eyes wander a little, a loud syllable lifts the brows, and the head nods while the candidate speaks.
  const life = cue.resting ? 0 : 1;
  const wander = life * 0.14 * Math.sin(time * 0.9) * Math.sin(time * 0.37);
  const nod =
    cue.activity === "listening" && cue.candidate > HEARD ? 3.5 * Math.max(0, Math.sin(time * 3.6)) ** 3 : 0;
  const stress = cue.activity === "speaking" ? Math.max(0, cue.level - 0.6) : 0;
  return {
    mouth: moved(from.mouth, mouthFor(cue.level, cue.brightness), seconds),
    lids: cue.resting && cue.activity !== "away" ? 0 : lidsAt(time, cue.activity),
    gaze: { x: ease(from.gaze.x, aim.gaze.x + wander, 0.12), y: ease(from.gaze.y, aim.gaze.y, 0.12) },
    brows: ease(from.brows, aim.brows + 1.4 * stress, 0.1),
    tilt: ease(from.tilt, aim.tilt + life * 1.2 * Math.sin(time * 0.7), 0.35),
    lift: ease(from.lift, 6 * stress - nod, 0.08),
    breath: cue.resting ? ease(from.breath, 0, 0.35) : Math.sin(time * 1.7),
  };
}

/** Without motion: the mouth is open or closed, and the eyes show the activity. */
function stillPose({ activity, level }: Cue): Pose {
  const mouth: Mouth =
    activity === "speaking" && level > 0 ? { shape: "small", open: 0.4, width: 0.6 } : CLOSED;
  return { ...REST, ...AIMS[activity], mouth, lids: activity === "away" ? 1 : 0 };
}

/** A blink every few seconds, sometimes two. */
function lidsAt(time: number, activity: Activity): number {
  if (activity === "away") return 1;
  const blink = (period: number, offset: number) => {
    const at = (time + offset) % period;
    return at < 0.16 ? Math.sin((Math.PI * at) / 0.16) : 0;
  };
  return Math.max(blink(4.3, 2), blink(11.7, 5.2), blink(11.7, 4.95));
}
