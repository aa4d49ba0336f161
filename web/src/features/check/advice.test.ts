import { expect, it } from "vitest";
import { adviceFor, browserOf } from "./advice";

const WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)";

it.each([
  [`Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} Chrome/142.0.0.0 Safari/537.36`, "chrome"],
  [`Mozilla/5.0 (Windows NT 10.0) ${WEBKIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`, "edge"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "firefox"],
  ["Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15", "safari"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 26_0) AppleWebKit/605.1.15 CriOS/142.0 Safari/604.1", "ios"],
  [`Mozilla/5.0 (Linux; Android 16) ${WEBKIT} Chrome/142.0.0.0 Mobile Safari/537.36`, "android"],
])("recognises %s", (userAgent, browser) => {
  expect(browserOf(userAgent)).toBe(browser);
});

it("has steps for each browser to allow the microphone", () => {
  const steps = (["chrome", "edge", "firefox", "safari", "ios", "android"] as const).map(
    (browser) => adviceFor("refused", browser).steps[0],
  );
  expect(new Set(steps).size).toBe(6);
});

it("offers no other attempt where it can't help", () => {
  expect(adviceFor("insecure", "chrome").again).toBe(false);
  expect(adviceFor("unsupported", "chrome").again).toBe(false);
});
