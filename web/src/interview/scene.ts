import type { SpeakerState } from "../audio/speaker";
import type { Face } from "../avatar/session";
import type { Ending } from "../stream/messages";
import type { Interview } from "../stream/state";

/** Why the room is left: as the relay says, or it said nothing any more. */
export type Leaving = Ending | "already_ended" | "not_found";

/** What the room shows: the interview, and the state of this page's devices. */
export interface Scene extends Interview {
  /** `gone`: it was there and was unplugged. */
  microphone: "open" | "none" | "gone";
  muted: boolean;
  /** The candidate wants to think: the floor is theirs until they say otherwise. */
  holding: boolean;
  sound: SpeakerState;
  /** The candidate asked for the end, and the answer is awaited. */
  endingAsked: boolean;
  /** How it stands with the interviewer's face. */
  face: Face;
}

/** Whether the interview has ended, or is about to. */
export function isOver({
  ending,
  endingAsked,
  link,
}: Pick<Scene, "ending" | "endingAsked" | "link">): boolean {
  return ending !== null || endingAsked || link.state === "closed";
}

/** Whether it ended in a way that the candidate must be told before they are led on. */
export function badNews({ ending, notes }: Pick<Scene, "ending" | "notes">): boolean {
  return ending === "failed" || (ending !== null && notes.some(({ code }) => code === "record_incomplete"));
}
