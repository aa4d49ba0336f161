import axe from "axe-core";

/** What axe finds wrong with the whole page, one line each. Colours need a real browser and are checked there. */
export async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document, { rules: { "color-contrast": { enabled: false } } });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
