import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeMachine } from "../testing/audio";
import { FakeStream, FakeTrack } from "../testing/tracks";
import { until } from "../testing/until";
import { microphoneError, openMicrophone } from "./microphone";
import { PLAYBACK } from "./ports";
import { openSpeaker } from "./speaker";

/** Safari's traps; where each one is described stands at the code that minds it: context.ts, microphone.ts and speaker.ts. */

let machine: FakeMachine;
let track: FakeTrack;

beforeEach(() => {
  machine = FakeMachine.install();
  track = new FakeTrack("iPhone Microphone", "phone");
  machine.microphone = () => new FakeStream([track]);
});

afterEach(() => {
  vi.useRealTimers();
});

const press = () => document.dispatchEvent(new Event("pointerup"));
const show = () => document.dispatchEvent(new Event("visibilitychange"));
const tone = (seconds: number) => new Int16Array(PLAYBACK.rate * seconds).fill(8192).buffer;

describe("only so many contexts at once", () => {
  it("are enough: one for the microphone, one for the loudspeaker, each closed with its device", async () => {
    machine.mostContexts = 2;
    for (let visit = 0; visit < 4; visit++) {
      const speaker = await openSpeaker();
      const microphone = await openMicrophone();
      speaker.close();
      microphone.stop();
    }
    expect(machine.contexts.map(({ state }) => state)).toEqual(Array(8).fill("closed"));
  });

  it("are a fault like any other when they are all taken, and the device is not asked for", async () => {
    machine.mostContexts = 0;
    await expect(openMicrophone()).rejects.toMatchObject({ kind: "failed" });
    await expect(openSpeaker()).rejects.toThrow("too many contexts");
    expect(machine.asked).toEqual([]);
  });

  it("are no more after a microphone was opened again by itself", async () => {
    vi.useFakeTimers();
    machine.mostContexts = 3;
    const speaker = await openSpeaker();
    const microphone = await openMicrophone();
    for (let call = 0; call < 3; call++) {
      track.withhold(true);
      track.withhold(false);
      await vi.advanceTimersByTimeAsync(2500);
    }
    expect(machine.contexts.filter(({ state }) => state !== "closed")).toHaveLength(2);
    microphone.stop();
    speaker.close();
  });
});

describe("a context that a phone call interrupts", () => {
  it("is not resumed during the call, and runs again by itself after it", async () => {
    const speaker = await openSpeaker();
    const { context } = machine;
    const resume = vi.spyOn(context, "resume");
    machine.calling = true;
    context.become("interrupted");
    press();
    show();
    expect(resume).not.toHaveBeenCalled();
    expect(speaker.state).toBe("suspended");
    machine.calling = false;
    context.become("suspended");
    await until(() => expect(speaker.state).toBe("running"));
  });

  it("runs again at the next click where the browser wants one", async () => {
    const speaker = await openSpeaker();
    const { context } = machine;
    machine.blocked = true;
    context.become("interrupted");
    context.become("suspended");
    expect(speaker.state).toBe("suspended");
    press();
    machine.click();
    await until(() => expect(speaker.state).toBe("running"));
  });

  it.each(["pointerup", "keydown", "visibilitychange"])(
    "that left it suspended runs again at %s",
    async (type) => {
      const microphone = await openMicrophone();
      const { context } = machine;
      context.become("suspended");
      document.dispatchEvent(new Event(type));
      await until(() => expect(context.state).toBe("running"));
      microphone.stop();
    },
  );

  it("leaves a click that answers the notice: it resumes an interrupted one too", async () => {
    const speaker = await openSpeaker();
    machine.context.become("interrupted");
    await speaker.resume();
    expect(speaker.state).toBe("running");
  });
});

describe("a context that says it runs, and whose clock stands still", () => {
  /** A speaker whose context was frozen by a phone call. */
  async function frozen() {
    vi.useFakeTimers();
    const speaker = await openSpeaker();
    const { context } = machine;
    context.frozen = true;
    context.become("interrupted");
    context.become("running");
    await vi.advanceTimersByTimeAsync(1000);
    return { speaker, context };
  }

  it("counts as suspended, and is replaced inside a click", async () => {
    const { speaker, context } = await frozen();
    expect(speaker.state).toBe("suspended");
    await speaker.resume();
    expect(context.state).toBe("closed");
    expect(speaker.state).toBe("running");
    speaker.push(tone(0.2));
    await machine.context.render(0.5);
    expect(machine.context.heard.some((sample) => sample !== 0)).toBe(true);
  });

  it("counts what it had queued as played, so that the interview goes on", async () => {
    vi.useFakeTimers();
    const speaker = await openSpeaker();
    const drained = vi.fn();
    speaker.onDrained = drained;
    speaker.push(tone(2));
    machine.context.frozen = true;
    machine.context.become("interrupted");
    machine.context.become("running");
    await vi.advanceTimersByTimeAsync(1000);
    await speaker.resume();
    expect([speaker.received, speaker.position, speaker.idle]).toEqual([2, 2, true]);
    expect(drained).toHaveBeenCalledOnce();
    speaker.push(tone(1));
    expect(speaker.received).toBe(3);
  });

  it("is not replaced when its clock moves after all", async () => {
    const { speaker, context } = await frozen();
    context.frozen = false;
    await vi.advanceTimersByTimeAsync(2000);
    expect(speaker.state).toBe("running");
    await speaker.resume();
    expect(machine.contexts).toEqual([context]);
  });
});

describe("a track that is live and unmuted and sends nothing, after a call", () => {
  async function afterCall(noise: number) {
    vi.useFakeTimers();
    track.level = noise;
    const microphone = await openMicrophone();
    const { context } = machine;
    await context.render(0.2);
    track.withhold(true);
    track.dead = noise === 0;
    track.withhold(false);
    await vi.advanceTimersByTimeAsync(100);
    await context.render(0.2);
    const first = track;
    track = new FakeTrack("iPhone Microphone", "phone");
    track.level = 0.5;
    await vi.advanceTimersByTimeAsync(2000);
    return { microphone, first, context };
  }

  it("is opened again, the same device, without a word to anybody", async () => {
    const { microphone, first, context } = await afterCall(0);
    expect(machine.asked.at(-1)).toMatchObject({ audio: { deviceId: { exact: "phone" } } });
    expect([first.readyState, track.readyState]).toEqual(["ended", "live"]);
    expect(context.state).toBe("closed");
    const frames: Int16Array[] = [];
    microphone.onframe = (pcm) => frames.push(new Int16Array(pcm));
    await machine.context.render(0.2);
    expect(frames.at(-1)?.[320]).toBeGreaterThan(16_000);
    microphone.stop();
    expect(track.readyState).toBe("ended");
  });

  it("is left alone when the sound is back", async () => {
    const { first } = await afterCall(0.1);
    expect(machine.asked).toHaveLength(1);
    expect(first.readyState).toBe("live");
  });

  it("is left alone while the candidate has muted it", async () => {
    vi.useFakeTimers();
    const microphone = await openMicrophone();
    microphone.muted = true;
    track.withhold(true);
    track.withhold(false);
    await vi.advanceTimersByTimeAsync(3000);
    expect(machine.asked).toHaveLength(1);
  });

  it("stays closed when it was stopped meanwhile", async () => {
    vi.useFakeTimers();
    const microphone = await openMicrophone();
    track.withhold(true);
    track.withhold(false);
    await vi.advanceTimersByTimeAsync(1999);
    vi.advanceTimersByTime(1);
    microphone.stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(machine.contexts.every(({ state }) => state === "closed")).toBe(true);
  });

  it("stays as it was when the device can't be opened again", async () => {
    vi.useFakeTimers();
    const microphone = await openMicrophone();
    const ended = vi.fn();
    microphone.onended = ended;
    machine.microphone = () => {
      throw new DOMException("", "NotReadableError");
    };
    track.withhold(true);
    track.withhold(false);
    await vi.advanceTimersByTimeAsync(3000);
    expect(track.readyState).toBe("live");
    expect(ended).not.toHaveBeenCalled();
    microphone.stop();
    expect(machine.contexts.every(({ state }) => state === "closed")).toBe(true);
  });
});

describe("sample rates that nobody asked for", () => {
  it.each([44_100, 48_000, 16_000])(
    "the voice has its own pitch where a context has %i Hz instead of the requested rate",
    async (rate) => {
      machine.ownRate = true;
      machine.rate = rate;
      const speaker = await openSpeaker();
      const { context } = machine;
      expect(context.sampleRate).toBe(rate);
      speaker.push(tone(0.4));
      await context.render(0.3);
      expect(speaker.position).toBeGreaterThan(0.2);
      expect(speaker.position).toBeLessThan(0.32);
      await context.render(0.4);
      expect(speaker.position).toBeCloseTo(0.4);
    },
  );

  it("a microphone is asked for without one", async () => {
    await openMicrophone();
    expect(JSON.stringify(machine.asked)).not.toContain("sampleRate");
  });
});

describe("constraints", () => {
  it("are wishes, but for the device: a browser that knows only echo cancellation opens the microphone too", async () => {
    await openMicrophone("phone");
    const [{ audio }] = machine.asked as [{ audio: MediaTrackConstraints }];
    const { deviceId, ...wishes } = audio;
    expect(deviceId).toEqual({ exact: "phone" });
    expect(Object.values(wishes)).toEqual([true, true, true]);
  });

  it("that can't be met are an error of a kind of its own, which is no Error: the device is missing", () => {
    expect(microphoneError({ name: "OverconstrainedError", constraint: "deviceId" }).kind).toBe("missing");
  });
});

describe("a loudspeaker that the page can't choose", () => {
  it("is the system's, and says so", async () => {
    machine.choosable = false;
    const speaker = await openSpeaker();
    expect(speaker.choosable).toBe(false);
    expect(speaker.device).toBe("");
  });
});
