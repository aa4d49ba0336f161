import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the API; `make dev` serves page and API from one origin and needs none of this. */
const api = process.env.API_URL ?? "http://localhost:8080";

// `npm run build` is what is deployed, into dist/. `npm run build:dev` also contains src/dev/, the stand-in of Tavus, and
// goes to dist-dev/, which only `make dev` and the browser tests serve.
export default defineConfig({
  plugins: [react()],
  build: {
    // A strict Content-Security-Policy knows no `data:`: fonts, pictures and worklets stay files.
    assetsInlineLimit: 0,
    target: "es2022",
  },
  worker: { format: "es" },
  server: { proxy: { "/api": api } },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    testTimeout: 20_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
