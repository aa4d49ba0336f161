import { expect, it } from "vitest";

/**
 * Which folder of src/ may import which others. A folder that is not listed, or an import that no arrow allows, fails the
 * test; so does a circle between modules. Tests, and testing/, may import everything.
 */
const ARROWS: Record<string, string[]> = {
  // What the server sends and takes.
  contract: [],
  relay: ["contract", "retry"],
  api: ["contract", "retry", "relay"],
  // Tools that know nothing of interviews.
  errors: [],
  retry: [],
  navigation: [],
  ui: [],
  styles: [],
  audio: ["contract"],
  // Parts of an interview.
  transcript: ["contract", "ui"],
  cv: ["api", "contract", "ui"],
  session: ["api", "contract", "relay"],
  media: ["audio", "ui"],
  figure: ["audio"],
  avatar: ["contract", "retry", "relay"],
  interview: ["audio", "avatar", "contract", "session", "relay"],
  // One folder per page; no page imports another.
  "features/setup": ["api", "contract", "cv", "figure", "navigation", "session", "ui"],
  "features/check": ["api", "audio", "contract", "cv", "media", "navigation", "session", "relay", "ui"],
  "features/info": ["api", "navigation", "ui"],
  "features/rejoin": ["media", "session", "ui"],
  "features/room": [
    "api",
    "audio",
    "avatar",
    "contract",
    "figure",
    "interview",
    "media",
    "relay",
    "session",
    "transcript",
    "ui",
  ],
  "features/results": ["api", "contract", "navigation", "retry", "session", "transcript", "ui"],
  // Puts the pages together.
  app: [
    "api",
    "avatar",
    "contract",
    "errors",
    "features/check",
    "features/info",
    "features/rejoin",
    "features/results",
    "features/room",
    "features/setup",
    "interview",
    "media",
    "navigation",
    "session",
    "relay",
    "ui",
  ],
  // The stand-in of Tavus; imported by a development build's main.tsx alone.
  dev: ["audio", "avatar", "figure"],
  "main.tsx": ["api", "app", "avatar", "dev", "styles"],
};

const sources = import.meta.glob<string>("./**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});

const files = Object.keys(sources)
  .map((path) => path.slice(2))
  .filter((path) => !path.startsWith("testing/") && !/\.test\.tsx?$/.test(path));

/** `features/room/Room.tsx` is in `features/room`; a file beside the folders is a folder of its own. */
function folderOf(path: string): string {
  const parts = path.split("/");
  return parts.slice(0, parts[0] === "features" ? 2 : 1).join("/");
}

/** The files of src/ that a file imports, types included. */
function importsOf(path: string): string[] {
  const found = (sources[`./${path}`] ?? "").matchAll(/(?:from|import|import\()\s*"(\.[^"?]+)/g);
  return [...found].map(([, specifier]) => resolve(path, specifier ?? ""));
}

function resolve(from: string, specifier: string): string {
  const { pathname } = new URL(specifier, `file:///${from}`);
  const path = decodeURIComponent(pathname).slice(1);
  return [path, `${path}.ts`, `${path}.tsx`].find((each) => files.includes(each)) ?? path;
}

it("each folder imports only what its arrows allow", () => {
  const forbidden = files.flatMap((path) =>
    importsOf(path)
      .filter((target) => {
        const [from, to] = [folderOf(path), folderOf(target)];
        return from !== to && !ARROWS[from]?.includes(to);
      })
      .map((target) => `${path} → ${target}`),
  );
  expect(forbidden).toEqual([]);
});

it("the arrows themselves form no circle", () => {
  expect(circle(Object.keys(ARROWS), (folder) => ARROWS[folder] ?? [])).toEqual([]);
});

it("no module imports itself, directly or through others", () => {
  expect(circle(files, importsOf)).toEqual([]);
});

it("only the development build's entry imports dev/", () => {
  const importing = files.filter(
    (path) => folderOf(path) !== "dev" && importsOf(path).some((to) => /^dev\//.test(to)),
  );
  expect(importing).toEqual(["main.tsx"]);
});

/** The first circle that is found, as the path through it; empty where there is none. */
function circle(nodes: string[], next: (node: string) => string[]): string[] {
  const done = new Set<string>();
  const visit = (node: string, path: string[]): string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return [];
    for (const each of next(node)) {
      const found = visit(each, [...path, node]);
      if (found.length > 0) return found;
    }
    done.add(node);
    return [];
  };
  return nodes.map((node) => visit(node, [])).find((found) => found.length > 0) ?? [];
}
