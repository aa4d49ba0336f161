/**
 * Interviews in Firefox, driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), which Firefox speaks by
 * itself. tests/e2e/test_firefox.py starts the servers and states in the environment: ORIGIN, where the page is;
 * FIREFOX, the browser's path; SPEECH, a WAV of what the candidate says.
 */
import { readFile } from "node:fs/promises";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { afterAll, beforeAll, type ExpectStatic, it } from "vitest";

const origin = setting("ORIGIN");
const SLOW = { timeout: 60_000, interval: 200 };

let browser: Browser;

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
    // Firefox runs no AudioContext on a machine without a sound card (seen with 153 ESR). Its mock of one does.
    extraPrefsFirefox: { "media.cubeb.force_mock_context": true },
  });
});

afterAll(() => browser?.close());

/** What a person can do on the page. */
class Candidate {
  private constructor(
    readonly page: Page,
    private readonly expect: ExpectStatic,
  ) {}

  /** Has a page to themselves, which must log no error. */
  static async visit(expect: ExpectStatic, act: (candidate: Candidate) => Promise<void>): Promise<void> {
    // Sessions are kept per browser: a context of its own has none.
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
    try {
      await act(new Candidate(page, expect));
      expect(errors).toEqual([]);
    } finally {
      await context.close();
    }
  }

  click(button: string): Promise<void> {
    return this.page.locator(`::-p-aria([name="${button}"][role="button"])`).setTimeout(SLOW.timeout).click();
  }

  write(field: string, text: string): Promise<void> {
    return this.page.locator(field).setTimeout(SLOW.timeout).fill(text);
  }

  /** Waits until an element of the page has text that matches. */
  async sees(selector: string, text: RegExp): Promise<void> {
    await this.expect
      .poll(() => this.page.$eval(selector, (found) => found.textContent ?? "").catch(() => ""), SLOW)
      .toMatch(text);
  }

  async setUp(topic: string): Promise<void> {
    await this.page.goto(origin);
    await this.write("#topic", topic);
    await this.click("Start");
  }

  async endAndSeeResults(): Promise<void> {
    await this.click("End interview");
    await this.click("End and see the summary");
    await this.sees("main", /How it went|Not enough to assess/);
  }

  /** Gets a silent microphone. Returns what makes it play a recording. */
  async useMicrophone(wav: Buffer): Promise<() => Promise<void>> {
    await this.page.evaluateOnNewDocument((base64: string) => {
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
    return () => this.page.evaluate(() => void dispatchEvent(new Event("speak")));
  }
}

it.concurrent("goes from the set-up to the results by typing", ({ expect }) =>
  Candidate.visit(expect, async (candidate) => {
    await candidate.setUp("Tidal energy");
    await candidate.click("Begin and type my answers");
    await candidate.sees("[role=log]", /tidal energy/i);
    await candidate.write("main form textarea", "I planned three turbines for a fjord in Norway.");
    await candidate.page.keyboard.press("Enter");
    await candidate.sees("[role=log]", /three turbines for a fjord.*Interviewer/is);
    await candidate.endAndSeeResults();
    await candidate.sees("main", /three turbines for a fjord/);
  }));

it.concurrent("goes from the set-up to the results by a microphone", ({ expect }) =>
  Candidate.visit(expect, async (candidate) => {
    const speak = await candidate.useMicrophone(await readFile(setting("SPEECH")));
    await candidate.setUp("Pastry");
    await candidate.click("Turn on the microphone");
    await candidate.page.waitForSelector("[role=meter]", SLOW);
    await candidate.click("Begin the interview");
    await candidate.sees("[role=log]", /pastry/i);
    await candidate.sees("main", /Your turn/);
    await speak();
    await candidate.sees("[role=log]", /younger/i);
    await candidate.endAndSeeResults();
    await candidate.sees("main", /younger/i);
  }));
