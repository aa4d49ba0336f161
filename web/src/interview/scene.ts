import type { SpeakerState } from "../audio/speaker";
import type { AvatarState } from "../avatar/state";
import type { Ending } from "../relay/messages";
import type { Interview } from "../relay/state";

/** Why the room is left: the reason in the relay's `ended`, or the reason why there was none. */
export type Leaving = Ending | "already_ended" | "not_found";

/** Everything that the room shows: the interview, and the state of this page's devices. */
export interface Scene extends Interview {
  /** `gone`: it was open and was unplugged. */
  microphone: "open" | "none" | "gone";
  muted: boolean;
  /** The candidate wants time to think, and holds the floor until they give it back. */
  holding: boolean;
  sound: SpeakerState;
  /** The candidate has asked to end; the relay's answer is awaited. */
  endingAsked: boolean;
  avatar: AvatarState;
}

/** Whether the interview has ended, or is about to. */
export function isOver({
  ending,
  endingAsked,
  link,
}: Pick<Scene, "ending" | "endingAsked" | "link">): boolean {
  return ending !== null || endingAsked || link.state === "closed";
}

/** Whether the candidate must read something about the end before the results are shown. */
export function badNews({ ending, notes }: Pick<Scene, "ending" | "notes">): boolean {
  return ending === "failed" || (ending !== null && notes.some(({ code }) => code === "record_incomplete"));
}
