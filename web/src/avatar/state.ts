/**
 * The state of an avatar session.
 *
 * `none`: there is no avatar session. `off`: the candidate does without video. `connecting`: the video has been asked for
 * and is not there yet. `connected`: the replica is seen. `reconnecting`: it was seen and was lost; the session retries by
 * itself. `failed`: the session has stopped trying.
 */
export type AvatarState =
  | { is: "none" | "off" | "connecting" | "connected" | "reconnecting" }
  | ({ is: "failed" } & AvatarFailure);

export interface AvatarFailure {
  /** Why there is no video, for the candidate; `null`: it was lost. */
  message: string | null;
  /** The candidate may ask again. */
  retryable: boolean;
}

/**
 * What happens to an avatar session. `connect`: the candidate asks for video. `join`: the replica is seen. `lose`: a room
 * was lost or could not be joined, and the session retries. `fail`: it does not retry. `turn_off`: the candidate does
 * without video.
 */
export type AvatarEvent = "connect" | "join" | "lose" | "fail" | "turn_off";

type Active = Exclude<AvatarState["is"], "none">;

/** The state after each event. An event that a state does not list changes nothing. */
export const TRANSITIONS: Record<Active, Partial<Record<AvatarEvent, Active>>> = {
  off: { connect: "connecting" },
  connecting: { join: "connected", lose: "connecting", fail: "failed", turn_off: "off" },
  connected: { lose: "reconnecting", fail: "failed", turn_off: "off" },
  reconnecting: { join: "connected", lose: "reconnecting", fail: "failed", turn_off: "off" },
  failed: { connect: "connecting", turn_off: "off" },
};

const LOST: AvatarFailure = { message: null, retryable: true };

/** The state after an event; `failure` goes with `fail`. */
export function next(state: AvatarState, event: AvatarEvent, failure: AvatarFailure = LOST): AvatarState {
  if (state.is === "none") return state;
  const is = TRANSITIONS[state.is][event];
  if (is === undefined || is === state.is) return state;
  return is === "failed" ? { is, ...failure } : { is };
}
