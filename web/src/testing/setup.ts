import domConsole from "node:console";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// Here the tests' DOM prints every refused and called-off request, as a browser does; most are refused on purpose. What
// the page itself prints goes to another console, and is shown.
domConsole.error = () => undefined;

// The tests' DOM lacks it; an error reported there is one that nobody caught.
globalThis.reportError ??= (error: unknown) => {
  setTimeout(() => {
    throw error;
  });
};

// A machine at work on other things is slow, not wrong.
configure({ asyncUtilTimeout: 5_000 });

// As index.html has it.
document.documentElement.lang = "en";

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
});
