/** The id of a turn's element, for links. */
export function turnId(turn: number): string {
  return `turn-${turn}`;
}
