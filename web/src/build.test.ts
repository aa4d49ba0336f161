import { resolve } from "node:path";
import { build } from "vite";
import { beforeAll, expect, it } from "vitest";

const ROOT = `${resolve(import.meta.dirname, "..")}/`;

async function chunksOf(mode: string) {
  const built = await build({ root: ROOT, mode, logLevel: "error", build: { write: false } });
  const outputs = Array.isArray(built) ? built : [built];
  return outputs
    .flatMap((each) => ("output" in each ? each.output : []))
    .filter((each) => each.type === "chunk");
}

/** The modules of this repository that a build contains, by their path under src/. */
function modulesOf(chunks: Awaited<ReturnType<typeof chunksOf>>): string[] {
  const ids = chunks.flatMap(({ moduleIds }) => moduleIds);
  return ids.filter((id) => id.startsWith(`${ROOT}src/`)).map((id) => id.slice(`${ROOT}src/`.length));
}

/** What is deployed. */
let deployed: Awaited<ReturnType<typeof chunksOf>>;

beforeAll(async () => {
  deployed = await chunksOf("production");
}, 60_000);

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
  const entry = deployed.find(({ isEntry }) => isEntry);
  expect(withSdk).toHaveLength(1);
  /** What the browser loads at once: the entry and everything that it imports statically. */
  const loaded = new Set<string>();
  const waiting = [entry?.fileName ?? ""];
  for (let name = waiting.pop(); name; name = waiting.pop()) {
    if (loaded.has(name)) continue;
    loaded.add(name);
    waiting.push(...(deployed.find(({ fileName }) => fileName === name)?.imports ?? []));
  }
  expect(loaded.has(withSdk[0] ?? "")).toBe(false);
  const importing = deployed.filter(({ dynamicImports }) => dynamicImports.includes(withSdk[0] ?? ""));
  expect(importing).toHaveLength(1);
});

it("the development build contains the stand-in of Tavus", async () => {
  expect(ofDev(modulesOf(await chunksOf("development")))).toContain("dev/standin.ts");
});
