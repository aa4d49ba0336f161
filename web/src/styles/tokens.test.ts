import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const SOURCES = join(import.meta.dirname, "..");
const TOKENS = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

const FLAT = [
  "cream",
  "white",
  "grey",
  "field",
  "own",
  "yellow",
  "pink",
  "lime",
  "sky",
  "violet",
  "orange",
  "red",
];

/** The tokens of one block as they are written. */
function block(start: string): Record<string, string> {
  const from = TOKENS.indexOf(start);
  expect(from).toBeGreaterThanOrEqual(0);
  const text = TOKENS.slice(from, TOKENS.indexOf("}", from));
  return Object.fromEntries(
    [...text.matchAll(/--([\w-]+): ([^;]+);/g)].map(([, name, value]) => [name, value]),
  );
}

const LIGHT = block(":root {");
const DARK = { ...LIGHT, ...block("@media screen and (prefers-color-scheme: dark)") };

type Rgb = [number, number, number];

function hex(text: string): Rgb {
  const digits = text.length === 4 ? [...text.slice(1)].map((each) => each + each).join("") : text.slice(1);
  expect(digits).toMatch(/^[0-9a-f]{6}$/);
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as Rgb;
}

/** The colour of a token. `site`: the colour that a site has set. */
function colour(tokens: Record<string, string>, name: string, site?: string): Rgb {
  const value = tokens[name] ?? "";
  const own = /^(?:color-mix\(in srgb, )?var\(--page-colour, (#\w+)\)(?: (\d+)%, #000\))?$/.exec(value);
  if (!own) return hex(value);
  const part = Number(own[2] ?? 100) / 100;
  return hex(site ?? own[1] ?? "").map((each) => each * part) as Rgb;
}

/** The contrast of two colours, 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). */
function contrast(one: Rgb, other: Rgb): number {
  const luminance = (rgb: Rgb) => {
    const [r, g, b] = rgb.map((each) => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }) as Rgb;
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

describe.each([
  ["light", LIGHT],
  ["dark", DARK],
])("in the %s scheme", (_, tokens) => {
  const between = (text: string, ground: string) => contrast(colour(tokens, text), colour(tokens, ground));

  it.each(FLAT)("ink can be read on %s", (ground) => {
    expect(between("ink", ground)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(["cream", "white", "grey", "own"])("soft ink can be read on %s", (ground) => {
    expect(between("ink-soft", ground)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(["white", "yellow"])("%s can be read on ink", (text) => {
    expect(between(text, "ink")).toBeGreaterThanOrEqual(4.5);
  });

  it("a placeholder can be read in its field", () => {
    expect(between("placeholder", "white")).toBeGreaterThanOrEqual(4.5);
    expect(between("placeholder", "field")).toBeGreaterThanOrEqual(4.5);
  });

  it.each(["white", "cream"])("the outline of the focus can be seen on %s", (ground) => {
    expect(between("focus", ground)).toBeGreaterThanOrEqual(3);
  });
});

it("ink can be read on any light colour of a site, also in the dark scheme", () => {
  for (const site of ["#ffffff", "#b6f23a", "#ffd60a", "#00ffff"])
    expect(contrast(colour(DARK, "ink"), colour(DARK, "yellow", site))).toBeGreaterThanOrEqual(4.5);
});

it("every other style sheet takes its colours from the tokens", () => {
  const sheets = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".css") && !path.endsWith("tokens.css"))
    .map((path) => ({ path, text: readFileSync(join(SOURCES, path), "utf8") }));
  expect(sheets.length).toBeGreaterThan(20);
  const fixed = sheets.flatMap(({ path, text }) =>
    text
      .split("\n")
      .filter((line) =>
        /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|:[^;]*\b(?:black|white|red|grey)\b(?!\))/i.test(
          line.replace(/"[^"]*"|var\(--[\w-]+\)/g, ""),
        ),
      )
      .map((line) => `${path}: ${line.trim()}`),
  );
  expect(fixed).toEqual([]);
});
