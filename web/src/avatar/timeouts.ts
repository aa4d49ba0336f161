/** How long what is waited for may take. Times in milliseconds. */
export interface Patience {
  /** The first pause before going in again, and the longest. */
  first: number;
  longest: number;
  /** From going in to seeing the replica. */
  arrival: number;
  /** All attempts together. */
  total: number;
  /** A picture without a new frame for so long, while the replica speaks, stands still. */
  frozen: number;
  /** So often lost within so long, it is not looked for any more: what comes and goes is worse than none. */
  losses: number;
  within: number;
  /** Sound still on its way after the replica has fallen silent. */
  tail: number;
  /**
   * A room without us for so long may have closed: the relay ends the conversation after 75 seconds by voice, and it ends
   * by itself 90 seconds after the last one has left.
   */
  left: number;
}

export const PATIENCE: Patience = {
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
