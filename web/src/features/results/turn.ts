/** The element of a turn, for links that lead to it. */
export function turnId(turn: number): string {
  return `turn-${turn}`;
}
