import { defineConfig } from "vitest/config";

// What tests/e2e/test_firefox.py runs, beside the servers that it starts.
export default defineConfig({
  test: { include: ["browser/*.test.ts"], testTimeout: 120_000, hookTimeout: 60_000, fileParallelism: false },
});
