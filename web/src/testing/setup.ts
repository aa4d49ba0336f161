import domConsole from "node:console";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import { BUSY_MS } from "./until";

// The tests' DOM prints every failed and cancelled request here; most fail on purpose. What the page itself prints goes to
// another console, and is shown.
domConsole.error = () => undefined;

// The tests' DOM lacks it; a reported error fails the test as an uncaught one.
globalThis.reportError ??= (error: unknown) => {
  setTimeout(() => {
    throw error;
  });
};

configure({ asyncUtilTimeout: BUSY_MS });

// As index.html has it.
document.documentElement.lang = "en";

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
});
