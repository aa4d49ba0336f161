import { resolve } from "node:path";
import { build } from "vite";
import { expect, it } from "vitest";

const ROOT = `${resolve(import.meta.dirname, "..")}/`;

/** The modules of this repository that a build contains, by their path under src/. */
async function modulesOf(mode: string): Promise<string[]> {
  const built = await build({ root: ROOT, mode, logLevel: "error", build: { write: false } });
  const outputs = Array.isArray(built) ? built : [built];
  const chunks = outputs.flatMap((each) => ("output" in each ? each.output : []));
  const ids = chunks.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
  return ids.filter((id) => id.startsWith(`${ROOT}src/`)).map((id) => id.slice(`${ROOT}src/`.length));
}

const ofDev = (modules: string[]) => modules.filter((path) => path.startsWith("dev/"));

it("the deployed build contains Daily's room and nothing of dev/", async () => {
  const modules = await modulesOf("production");
  expect(modules).toContain("avatar/daily.ts");
  expect(ofDev(modules)).toEqual([]);
});

it("the development build contains the stand-in of Tavus", async () => {
  expect(ofDev(await modulesOf("development"))).toContain("dev/standin.ts");
});
