import { resolve } from "node:path";
import { build } from "vite";
import { beforeAll, expect, it } from "vitest";

const ROOT = `${resolve(import.meta.dirname, "..")}/`;

async function outputOf(mode: string) {
  const built = await build({ root: ROOT, mode, logLevel: "error", build: { write: false } });
  const outputs = Array.isArray(built) ? built : [built];
  return outputs.flatMap((each) => ("output" in each ? each.output : []));
}

async function chunksOf(mode: string) {
  return (await outputOf(mode)).filter((each) => each.type === "chunk");
}

/** The modules of this repository that a build contains, by their path under src/. */
function modulesOf(chunks: Awaited<ReturnType<typeof chunksOf>>): string[] {
  const ids = chunks.flatMap(({ moduleIds }) => moduleIds);
  return ids.filter((id) => id.startsWith(`${ROOT}src/`)).map((id) => id.slice(`${ROOT}src/`.length));
}

/** What is deployed: its code, and all its files by their name, with the content of those that are text. */
let deployed: Awaited<ReturnType<typeof chunksOf>>;
const files = new Map<string, string>();

beforeAll(async () => {
  const built = await outputOf("production");
  deployed = built.filter((each) => each.type === "chunk");
  for (const each of built) {
    files.set(each.fileName, each.type === "asset" && typeof each.source === "string" ? each.source : "");
  }
}, 60_000);

/** What the browser loads at once: the entry and everything that it imports statically. */
function loadedAtOnce(): Set<string> {
  const loaded = new Set<string>();
  const waiting = [deployed.find(({ isEntry }) => isEntry)?.fileName ?? ""];
  for (let name = waiting.pop(); name; name = waiting.pop()) {
    if (loaded.has(name)) continue;
    loaded.add(name);
    waiting.push(...(deployed.find(({ fileName }) => fileName === name)?.imports ?? []));
  }
  return loaded;
}

const ofDev = (modules: string[]) => modules.filter((path) => path.startsWith("dev/"));

it("the deployed build contains Daily's room and nothing of dev/", async () => {
  const modules = modulesOf(deployed);
  expect(modules).toContain("avatar/daily.ts");
  expect(ofDev(modules)).toEqual([]);
});

it.each([
  ["Sentry's", /^(?!.*daily-js).*\/node_modules\/@sentry\//],
  ["Firebase's", /\/node_modules\/@firebase\//],
])("the deployed page loads %s SDK from a file of its own, and only when it is imported", async (_, sdk) => {
  const withSdk = deployed
    .filter(({ moduleIds }) => moduleIds.some((id) => sdk.test(id)))
    .map(({ fileName }) => fileName);
  expect(withSdk).toHaveLength(1);
  expect(loadedAtOnce().has(withSdk[0] ?? "")).toBe(false);
  const importing = deployed.filter(({ dynamicImports }) => dynamicImports.includes(withSdk[0] ?? ""));
  expect(importing).toHaveLength(1);
});

it("the first page loads neither the room nor the results nor the texts about the site", () => {
  const first = loadedAtOnce();
  const modules = modulesOf(deployed.filter(({ fileName }) => first.has(fileName)));
  expect(modules).toContain("features/setup/Setup.tsx");
  const later = [
    "features/room/",
    "features/results/Results.tsx",
    "features/info/",
    "avatar/session.ts",
    "relay/connection.ts",
  ];
  expect(modules.filter((path) => later.some((one) => path.startsWith(one)))).toEqual([]);
});

it("only the document of the start page has its first picture, in the classes of the deployed styles", () => {
  const empty = '<div id="root"></div>';
  expect(files.get("page.html")).toContain(empty);
  expect(files.get("404.html")).toBe(files.get("page.html"));
  const first = files.get("index.html") ?? "";
  expect(first.replace(/<div id="root">.*<\/div>/s, empty)).toBe(files.get("page.html"));
  const classes = [...first.matchAll(/class="([^"]*)"/g)].flatMap(([, names = ""]) => names.split(" "));
  const styles = [...files].flatMap(([name, text]) => (name.endsWith(".css") ? [text] : [])).join("");
  expect(classes.length).toBeGreaterThan(10);
  for (const name of classes) expect(styles).toContain(`.${name}`);
});

it("no font delays the script of the first picture", () => {
  expect(files.get("index.html")).not.toMatch(/as="font"/);
});

it("the development build contains the stand-in of Tavus", async () => {
  expect(ofDev(modulesOf(await chunksOf("development")))).toContain("dev/standin.ts");
});
