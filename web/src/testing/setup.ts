import domConsole from "node:console";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// The tests' DOM prints every failed and cancelled request here; most fail on purpose. What the page itself prints goes to
// another console, and is shown.
domConsole.error = () => undefined;

// The tests' DOM lacks it; a reported error fails the test as an uncaught one.
globalThis.reportError ??= (error: unknown) => {
  setTimeout(() => {
    throw error;
  });
};

// A busy machine is slow.
configure({ asyncUtilTimeout: 5_000 });

// As index.html has it.
document.documentElement.lang = "en";

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
});
