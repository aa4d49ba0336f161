import { beforeEach, describe, expect, it, vi } from "vitest";
import { PageScreen } from "./screen";

const TRACK = {} as MediaStreamTrack;

/** What plays, and what refuses to; the tests' DOM plays nothing. */
let played: HTMLMediaElement[];
let refusal: unknown;

beforeEach(() => {
  played = [];
  refusal = null;
  vi.stubGlobal(
    "MediaStream",
    class {
      constructor(readonly tracks: MediaStreamTrack[]) {}
    },
  );
  for (const name of ["HTMLVideoElement", "HTMLAudioElement"] as const) {
    const { prototype } = globalThis[name];
    Object.defineProperty(prototype, "srcObject", { value: null, writable: true, configurable: true });
    vi.spyOn(prototype, "play").mockImplementation(function (this: HTMLMediaElement) {
      played.push(this);
      return refusal && !this.muted ? Promise.reject(refusal) : Promise.resolve();
    });
  }
});

it("has a picture with a name and without sound", () => {
  const { picture } = new PageScreen();
  expect(picture.getAttribute("aria-label")).toBe("The interviewer, on video");
  expect([picture.muted, picture.playsInline]).toEqual([true, true]);
});

describe("showing", () => {
  it("plays picture and sound on separate elements", async () => {
    const screen = new PageScreen();
    await screen.show(TRACK, TRACK);
    expect(played.map(({ tagName }) => tagName)).toEqual(["VIDEO", "AUDIO"]);
    expect(played.map(({ srcObject }) => srcObject)).toEqual([{ tracks: [TRACK] }, { tracks: [TRACK] }]);
  });

  it("mutes the sound until it is unmuted", async () => {
    const screen = new PageScreen();
    await screen.show(TRACK, TRACK);
    const [, sound] = played;
    expect(sound?.muted).toBe(true);
    screen.silence(false);
    expect(sound?.muted).toBe(false);
    await screen.show(TRACK, TRACK);
    expect(sound?.muted).toBe(false);
  });

  it("rejects when the browser wants a click, even while the sound is muted", async () => {
    refusal = new DOMException("", "NotAllowedError");
    const screen = new PageScreen();
    screen.silence(true);
    await expect(screen.show(TRACK, TRACK)).rejects.toBe(refusal);
  });

  it("ends when it is cleared", async () => {
    const screen = new PageScreen();
    await screen.show(TRACK, TRACK);
    screen.clear();
    expect(played.map(({ srcObject }) => srcObject)).toEqual([null, null]);
  });
});

it("plays inside a click, so that it may play later", () => {
  refusal = new DOMException("", "NotAllowedError");
  new PageScreen().prime();
  expect(played.map(({ tagName }) => tagName)).toEqual(["AUDIO"]);
});

describe("progress", () => {
  it("is the frames that were shown, where the browser counts them", async () => {
    const screen = new PageScreen();
    let next = () => {};
    Object.assign(screen.picture, {
      requestVideoFrameCallback: (callback: () => void) => {
        next = callback;
      },
    });
    await screen.show(TRACK, TRACK);
    expect(screen.progress).toBe(0);
    next();
    next();
    expect(screen.progress).toBe(2);
    // Another picture counts on.
    await screen.show(TRACK, TRACK);
    next();
    expect(screen.progress).toBe(3);
  });

  it("is the picture's time elsewhere", async () => {
    const screen = new PageScreen();
    await screen.show(TRACK, TRACK);
    vi.spyOn(screen.picture, "currentTime", "get").mockReturnValue(1.25);
    expect(screen.progress).toBe(1.25);
  });
});

describe("the device of the sound", () => {
  it("is the one that was chosen, for the sound element alone, and asked for once", () => {
    const asked = vi.spyOn(HTMLMediaElement.prototype, "setSinkId");
    const screen = new PageScreen();
    screen.playThrough("");
    screen.playThrough("headset");
    screen.playThrough("headset");
    expect(asked.mock.calls).toEqual([["headset"]]);
    expect(asked.mock.contexts).not.toContain(screen.picture);
  });

  it("can be missing, or not be for the page to choose", async () => {
    const missing = Promise.reject(new DOMException("", "NotFoundError"));
    vi.spyOn(HTMLMediaElement.prototype, "setSinkId").mockReturnValue(missing);
    new PageScreen().playThrough("gone");
    await expect(missing).rejects.toThrow();
    Object.defineProperty(HTMLAudioElement.prototype, "setSinkId", { value: undefined, configurable: true });
    expect(() => new PageScreen().playThrough("headset")).not.toThrow();
    Reflect.deleteProperty(HTMLAudioElement.prototype, "setSinkId");
  });
});
