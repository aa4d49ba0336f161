import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
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

/** Hosting serves /404.html, with status 404, at an address that it doesn't know. The page then says what is wrong. */
const notFound: Plugin = {
  name: "not-found",
  enforce: "post",
  generateBundle: {
    order: "post",
    handler(_, bundle) {
      const page = bundle["index.html"];
      if (page?.type === "asset") this.emitFile({ type: "asset", fileName: "404.html", source: page.source });
    },
  },
};

// `npm run build` is what is deployed, into dist/. `npm run build:dev` also contains src/dev/, the stand-in of Tavus, and
// goes to dist-dev/, which only `make dev` and the browser tests serve.
export default defineConfig({
  plugins: [react(), notFound],
  build: {
    // A strict Content-Security-Policy knows no `data:`: fonts, pictures and worklets stay files.
    assetsInlineLimit: 0,
    target: "es2022",
  },
  worker: { format: "es" },
  server: { proxy: { "/api": api } },
  test: {
    testTimeout: 20_000,
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
