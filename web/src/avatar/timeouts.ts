/** How long the avatar session waits, and how often it tries. Times in milliseconds. */
export interface Timeouts {
  /** The first pause before joining again, and the longest. */
  first: number;
  longest: number;
  /** From joining to seeing the replica. */
  arrival: number;
  /** All attempts together. */
  total: number;
  /** A picture without a new frame for this long while the replica speaks is frozen. */
  frozen: number;
  /** After more than this many losses within this time the session stops trying: video that comes and goes is worse than none. */
  losses: number;
  within: number;
  /** Sound that is still on its way after the replica has stopped speaking. */
  tail: number;
  /**
   * A room that we left this long ago may be closed: the relay ends the conversation after 75 seconds by voice, and Tavus
   * ends it 90 seconds after the last participant left.
   */
  left: number;
}

export const TIMEOUTS: Timeouts = {
  first: 500,
  longest: 8000,
  arrival: 20_000,
  total: 60_000,
  frozen: 3000,
  losses: 3,
  within: 120_000,
  tail: 400,
  left: 60_000,
};
