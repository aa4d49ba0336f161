/**
 * Interviews in Firefox, driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), which Firefox speaks by
 * itself. tests/e2e/test_firefox.py starts the servers and states in the environment: ORIGIN, where the page is;
 * FIREFOX, the browser's path; SPEECH, a WAV of what the candidate says.
 */
import { readFile } from "node:fs/promises";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";

const origin = setting("ORIGIN");
const SLOW = { timeout: 60_000, interval: 200 };

let browser: Browser;
let page: Page;
let errors: string[];

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set. tests/e2e/test_firefox.py sets it.`);
  return value;
}

beforeAll(async () => {
  browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: setting("FIREFOX"),
    headless: true,
  });
});

afterAll(() => browser?.close());

beforeEach(async () => {
  // Sessions are kept per browser: a context of its own has none.
  const context = await browser.createBrowserContext();
  page = await context.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
});

afterEach(async () => {
  await page.browserContext().close();
  expect(errors).toEqual([]);
});

const button = (name: string) =>
  page.locator(`::-p-aria([name="${name}"][role="button"])`).setTimeout(60_000);

/** Waits until an element of the page has text that matches. */
async function shown(selector: string, text: RegExp): Promise<void> {
  await expect
    .poll(() => page.$eval(selector, (found) => found.textContent ?? "").catch(() => ""), SLOW)
    .toMatch(text);
}

async function setUp(topic: string): Promise<void> {
  await page.goto(origin);
  await page.locator("#topic").setTimeout(60_000).fill(topic);
  await button("Start").click();
}

async function endAndSeeResults(): Promise<void> {
  await button("End interview").click();
  await button("End and see the summary").click();
  await shown("main", /How it went|Not enough to assess/);
}

/** Gives the page a silent microphone. Returns what makes it play a recording. */
async function useMicrophone(wav: Buffer): Promise<() => Promise<void>> {
  await page.evaluateOnNewDocument((base64: string) => {
    navigator.mediaDevices.getUserMedia = async () => {
      const context = new AudioContext();
      const microphone = context.createMediaStreamDestination();
      const source = context.createBufferSource();
      const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
      source.buffer = await context.decodeAudioData(bytes.buffer);
      source.connect(microphone);
      addEventListener("speak", () => source.start());
      return microphone.stream;
    };
  }, wav.toString("base64"));
  return () => page.evaluate(() => void dispatchEvent(new Event("speak")));
}

it("goes from the set-up to the results by typing", async () => {
  await setUp("Tidal energy");
  await button("Begin, typing my answers").click();
  await shown("[role=log]", /tidal energy/i);
  await page
    .locator("main form textarea")
    .setTimeout(60_000)
    .fill("I planned three turbines for a fjord in Norway.");
  await page.keyboard.press("Enter");
  await shown("[role=log]", /three turbines for a fjord.*Interviewer/is);
  await endAndSeeResults();
  await shown("main", /three turbines for a fjord/);
});

it("goes from the set-up to the results by a microphone", async () => {
  const speak = await useMicrophone(await readFile(setting("SPEECH")));
  await setUp("Pastry");
  await button("Turn on the microphone").click();
  await page.waitForSelector("[role=meter]", SLOW);
  await button("Begin the interview").click();
  await shown("[role=log]", /pastry/i);
  await shown("main", /Your turn/);
  await speak();
  await shown("[role=log]", /younger/i);
  await endAndSeeResults();
  await shown("main", /younger/i);
});
