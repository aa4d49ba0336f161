import { mkdtemp, rm } from "node:fs/promises";
import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { build, type Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the API; `make dev` serves page and API from one origin and needs none of this. */
const api = process.env.API_URL ?? "http://localhost:8080";

/** Tests that have a DOM: of components, and of what uses the document, the window, storage or devices. */
const DOM = [
  "src/**/*.test.tsx",
  "src/{api,errors,media,session}/*.test.ts",
  "src/audio/{context,devices,microphone,safari,speaker}.test.ts",
  "src/avatar/{screen,session,sound,visit,watchdog}*.test.ts",
  "src/interview/controller*.test.ts",
];

/** The first picture's HTML. Its module is built as it is for the browser, so the names of its styles are the same. */
async function firstPicture(): Promise<string> {
  // Inside node_modules, where Node finds React from.
  const folder = await mkdtemp(resolve(import.meta.dirname, "node_modules", ".first-picture-"));
  try {
    await build({
      root: import.meta.dirname,
      configFile: false,
      plugins: [react()],
      logLevel: "error",
      build: { ssr: "src/app/firstPicture.tsx", outDir: folder, copyPublicDir: false },
    });
    const module: typeof import("./src/app/firstPicture") = await import(resolve(folder, "firstPicture.js"));
    return module.firstPicture();
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * The document of three kinds of address: index.html at the start page, with its first picture; page.html at the other
 * pages; 404.html, which Hosting serves with status 404, at an address that it doesn't know. The last two are the same.
 */
const documents: Plugin = {
  name: "documents",
  apply: "build",
  enforce: "post",
  generateBundle: {
    order: "post",
    async handler(_, bundle) {
      const page = bundle["index.html"];
      if (page?.type !== "asset") return;
      const source = String(page.source);
      const picture = await firstPicture();
      for (const fileName of ["page.html", "404.html"]) this.emitFile({ type: "asset", fileName, source });
      page.source = source.replace('<div id="root"></div>', () => `<div id="root">${picture}</div>`);
    },
  },
};

// `npm run build` is what is deployed, into dist/. `npm run build:dev` also contains src/dev/, the stand-in of Tavus, and
// goes to dist-dev/, which only `make dev` and the browser tests serve.
export default defineConfig({
  plugins: [react(), documents],
  build: {
    // A strict Content-Security-Policy knows no `data:`: fonts, pictures and worklets stay files.
    assetsInlineLimit: 0,
    target: "es2022",
  },
  worker: { format: "es" },
  server: { proxy: { "/api": api } },
  test: {
    testTimeout: 60_000,
    restoreMocks: true,
    unstubGlobals: true,
    // A DOM costs each file more than half a second of processor time, most of them more than their tests.
    projects: [
      {
        extends: true,
        test: { name: "dom", include: DOM, environment: "happy-dom", setupFiles: ["src/testing/setup.ts"] },
      },
      {
        extends: true,
        test: {
          name: "node",
          include: ["src/**/*.test.ts"],
          exclude: DOM,
          environment: "node",
          pool: "threads",
        },
      },
    ],
  },
});
