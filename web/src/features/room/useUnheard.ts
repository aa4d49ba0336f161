import { type RefObject, useEffect, useRef, useState } from "react";
import type { InterviewController } from "../../interview/controller";
import type { Scene } from "../../interview/scene";

/** After this long without any sound on their turn, the candidate is told. In milliseconds. */
const FLAT_MS = 10_000;
/** The same while the system says that it withholds the sound. Some systems say so for a moment when a device starts. */
const WITHHELD_MS = 2_000;
/** How often the microphone is looked at, in milliseconds. */
const STEP_MS = 250;
/** A step counts no longer than this: the machine may have slept. */
const LONGEST_STEP_MS = 500;

/** Why nothing is heard of the candidate. `flat`: the microphone sends zeros. `withheld`: the system has muted it. */
export interface Unheard {
  why: "flat" | "withheld";
  /** The name of the microphone; may be empty. */
  device: string;
}

/**
 * Whether the microphone sends nothing at all while the candidate should speak; `null`: it does, or it isn't their turn, or
 * they have muted it, or they type. A quiet room is not nothing (`FLAT` in audio/loudness.ts).
 *
 * `typing`: the candidate has opened the text field where it is folded away. `field`: the text field; a candidate who is in it
 * types, and one who has written something there types until a sound comes.
 */
export function useUnheard(
  interview: InterviewController,
  scene: Scene,
  sounding: boolean,
  typing: boolean,
  field: RefObject<HTMLTextAreaElement | null>,
): Unheard | null {
  const [unheard, setUnheard] = useState<Unheard | null>(null);
  const written = useRef(false);
  const speaks =
    scene.floor === "candidate" &&
    scene.link.state === "open" &&
    scene.microphone === "open" &&
    !(scene.muted || scene.holding || scene.endingAsked || sounding || typing);

  useEffect(() => {
    if (!speaks) return;
    let quiet = 0;
    let before = performance.now();
    let sound = interview.microphone?.lastSound;
    const timer = setInterval(() => {
      const { microphone } = interview;
      const now = performance.now();
      quiet += Math.min(now - before, LONGEST_STEP_MS);
      before = now;
      if (microphone?.lastSound !== sound) written.current = false;
      else if (field.current?.value.trim()) written.current = true;
      const types = written.current || (field.current !== null && document.activeElement === field.current);
      if (types || microphone?.lastSound !== sound) quiet = 0;
      sound = microphone?.lastSound;
      const why = microphone?.withheld ? "withheld" : "flat";
      const device = microphone?.label ?? "";
      const told = quiet >= (why === "withheld" ? WITHHELD_MS : FLAT_MS);
      setUnheard((shown) => {
        if (!told) return null;
        return shown?.why === why && shown.device === device ? shown : { why, device };
      });
    }, STEP_MS);
    return () => {
      clearInterval(timer);
      setUnheard(null);
    };
  }, [speaks, interview, field]);

  return unheard;
}
