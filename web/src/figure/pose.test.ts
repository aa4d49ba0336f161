import { describe, expect, it } from "vitest";
import { type Cue, idling, nextPose, type Pose, REST } from "./pose";

const QUIET: Cue = {
  activity: "listening",
  level: 0,
  brightness: 0.5,
  candidate: 0,
  resting: false,
  still: false,
};

/** The poses of `seconds`, sixty a second. */
function film(cue: Cue, seconds: number): Pose[] {
  const poses: Pose[] = [];
  let pose = REST;
  for (let frame = 1; frame <= seconds * 60; frame++) {
    pose = nextPose(pose, cue, frame / 60, 1 / 60);
    poses.push(pose);
  }
  return poses;
}

describe("the figure", () => {
  it("blinks and breathes", () => {
    const poses = film(QUIET, 12);
    const closed = poses.filter((pose) => pose.lids > 0.9).length;
    expect(closed).toBeGreaterThan(2);
    expect(closed).toBeLessThan(poses.length / 10);
    expect(new Set(poses.map((pose) => Math.sign(pose.breath)))).toContain(-1);
  });

  it("keeps its mouth shut unless the voice plays", () => {
    expect(film(QUIET, 3).every((pose) => pose.mouth.open === 0)).toBe(true);
    const speaking = film({ ...QUIET, activity: "speaking", level: 0.8, brightness: 0.4 }, 1);
    expect(speaking.at(-1)?.mouth.open).toBeGreaterThan(0.5);
  });

  it("nods while the candidate speaks", () => {
    const lowest = (cue: Cue) => Math.min(...film(cue, 5).map((pose) => pose.lift));
    expect(lowest({ ...QUIET, candidate: 0.7 })).toBeLessThan(-2);
    expect(lowest(QUIET)).toBeCloseTo(0);
  });

  it("tilts its head and looks down while it waits", () => {
    const waiting = film({ ...QUIET, activity: "waiting" }, 3).at(-1);
    expect(waiting?.tilt).toBeGreaterThan(6);
    expect(waiting?.gaze.y).toBeGreaterThan(0.2);
    expect(waiting?.mouth.open).toBe(0);
  });

  it("looks up while it thinks, and closes its eyes without a connection", () => {
    expect(film({ ...QUIET, activity: "thinking" }, 2).at(-1)?.gaze.y).toBeLessThan(-0.5);
    expect(film({ ...QUIET, activity: "away" }, 2).at(-1)?.lids).toBeGreaterThan(0.5);
  });

  it("comes to rest when nothing happens, as it was", () => {
    const poses = film({ ...QUIET, resting: true }, 12).slice(6 * 60);
    for (const part of ["tilt", "breath", "lift", "lids"] as const)
      expect(Math.max(...poses.map((pose) => Math.abs(pose[part] - (poses[0]?.[part] ?? 0))))).toBeLessThan(
        0.001,
      );
    expect(poses.at(-1)?.tilt).toBeCloseTo(4);
  });

  it("rests after five seconds without a sound or a new activity", () => {
    const idle = idling();
    expect(idle("listening", false, 0)).toBe(false);
    expect(idle("listening", false, 4900)).toBe(false);
    expect(idle("listening", false, 5000)).toBe(true);
    expect(idle("listening", true, 5100)).toBe(false);
    expect(idle("listening", false, 10_000)).toBe(false);
    expect(idle("listening", false, 10_100)).toBe(true);
    expect(idle("thinking", false, 10_200)).toBe(false);
  });

  it("does not move with reduced motion, except for an open mouth while the voice plays", () => {
    const poses = film({ ...QUIET, still: true, candidate: 0.9 }, 5);
    expect(poses.every((pose) => pose.lids === 0 && pose.breath === 0 && pose.lift === 0)).toBe(true);
    expect(new Set(poses.map((pose) => pose.tilt)).size).toBe(1);
    const speaking = nextPose(REST, { ...QUIET, still: true, activity: "speaking", level: 0.3 }, 1, 0.02);
    expect(speaking.mouth.open).toBeGreaterThan(0);
  });
});
