import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeMachine } from "../testing/audio";
import { until } from "../testing/until";
import { PLAYBACK } from "./ports";
import { openSpeaker } from "./speaker";

let machine: FakeMachine;

beforeEach(() => {
  machine = FakeMachine.install();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A tone of half the full scale, as the relay sends it. */
function tone(seconds: number): ArrayBuffer {
  return Int16Array.from({ length: PLAYBACK.rate * seconds }, (_, at) => (at % 2 ? 16_384 : -16_384)).buffer;
}

/** An open speaker, and a spy on its `onDrained`. */
async function opened() {
  const speaker = await openSpeaker();
  const drained = vi.fn();
  speaker.onDrained = drained;
  return { speaker, drained, context: machine.context };
}

const peak = (samples: number[]) => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);

describe("what is pushed", () => {
  it("is played, counted and then reported drained, once", async () => {
    vi.useFakeTimers();
    const { speaker, drained, context } = await opened();
    expect(speaker.push(tone(0.5))).toBe(true);
    expect(speaker.received).toBeCloseTo(0.5);
    expect(speaker.idle).toBe(false);
    await context.render(0.3);
    expect(speaker.position).toBeGreaterThan(0.25);
    expect(speaker.position).toBeLessThan(0.35);
    await vi.advanceTimersByTimeAsync(0);
    expect(drained).not.toHaveBeenCalled();
    await context.render(0.4);
    await vi.advanceTimersByTimeAsync(0);
    expect(speaker.position).toBeCloseTo(0.5);
    expect(speaker.idle).toBe(true);
    expect(peak(context.heard)).toBeCloseTo(0.5, 1);
    await context.render(0.5);
    await vi.advanceTimersByTimeAsync(1000);
    expect(drained).toHaveBeenCalledOnce();
  });

  it("is drained only when it has left the loudspeaker, however long the device takes", async () => {
    vi.useFakeTimers();
    machine.baseLatency = 0.02;
    machine.outputLatency = 0.18;
    const { speaker, drained, context } = await opened();
    speaker.push(tone(0.2));
    await context.render(0.5);
    await vi.advanceTimersByTimeAsync(190);
    expect(drained).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(20);
    expect(drained).toHaveBeenCalledOnce();
  });

  it("is not drained when more comes while the device still plays", async () => {
    vi.useFakeTimers();
    machine.outputLatency = 0.2;
    const { speaker, drained, context } = await opened();
    speaker.push(tone(0.2));
    await context.render(0.5);
    speaker.push(tone(0.2));
    await vi.advanceTimersByTimeAsync(500);
    expect(drained).not.toHaveBeenCalled();
    await context.render(0.5);
    await vi.advanceTimersByTimeAsync(500);
    expect(drained).toHaveBeenCalledOnce();
  });

  it("reports each utterance drained", async () => {
    vi.useFakeTimers();
    const { speaker, drained, context } = await opened();
    for (let utterance = 1; utterance <= 3; utterance++) {
      speaker.push(tone(0.2));
      await context.render(0.5);
      await vi.advanceTimersByTimeAsync(0);
      expect(drained).toHaveBeenCalledTimes(utterance);
    }
  });

  it("is transferred, not copied", async () => {
    const { speaker } = await opened();
    const pcm = tone(0.1);
    speaker.push(pcm);
    expect(pcm.byteLength).toBe(0);
  });

  it("is refused beyond two minutes, and not counted", async () => {
    const { speaker } = await opened();
    expect(speaker.push(tone(120))).toBe(true);
    expect(speaker.push(tone(0.04))).toBe(false);
    expect(speaker.received).toBeCloseTo(120);
  });
});

describe("an interruption", () => {
  it("silences the voice within a few milliseconds and drops what is queued", async () => {
    const { speaker, context } = await opened();
    speaker.push(tone(5));
    await context.render(0.5);
    expect(peak(context.heard.splice(0))).toBeGreaterThan(0.4);
    speaker.interrupt();
    await context.render(0.02);
    context.heard.splice(0);
    await context.render(0.2);
    expect(peak(context.heard)).toBe(0);
    expect(speaker.idle).toBe(true);
    expect(speaker.position).toBeCloseTo(5);
  });

  it("leaves the speaker ready for the next utterance", async () => {
    vi.useFakeTimers();
    const { speaker, drained, context } = await opened();
    speaker.push(tone(5));
    await context.render(0.3);
    speaker.interrupt();
    await context.render(0.1);
    await vi.advanceTimersByTimeAsync(0);
    drained.mockClear();
    context.heard.splice(0);
    speaker.push(tone(0.2));
    await context.render(0.5);
    await vi.advanceTimersByTimeAsync(0);
    expect(peak(context.heard)).toBeGreaterThan(0.4);
    expect(drained).toHaveBeenCalledOnce();
  });
});

describe("the context", () => {
  it("has the voice's own rate", async () => {
    const { context } = await opened();
    expect(context.sampleRate).toBe(PLAYBACK.rate);
  });

  it("has the machine's rate where the voice's rate is refused, and plays", async () => {
    machine.fixedRate = true;
    machine.rate = 44_100;
    const { speaker, context } = await opened();
    expect(context.sampleRate).toBe(44_100);
    speaker.push(tone(0.2));
    await context.render(0.5);
    expect(speaker.position).toBeCloseTo(0.2);
  });

  it("is waited for at most a second, and is reported as suspended", async () => {
    vi.useFakeTimers();
    machine.blocked = true;
    const opening = openSpeaker();
    await vi.advanceTimersByTimeAsync(1000);
    const speaker = await opening;
    expect(speaker.state).toBe("suspended");
    speaker.push(tone(0.2));
    await machine.context.render(1);
    expect(speaker.position).toBe(0);
  });

  it("reports changes of its state, and resumes inside a click", async () => {
    const { speaker, context } = await opened();
    const states: string[] = [];
    speaker.onstate = (state) => states.push(state);
    context.become("interrupted");
    expect(speaker.state).toBe("suspended");
    await speaker.resume();
    expect(states).toEqual(["suspended", "running"]);
  });

  it("is closed when the worklet can't be loaded", async () => {
    machine.modulesFail = 2;
    await expect(openSpeaker()).rejects.toThrow("can't be loaded");
    expect(machine.context.state).toBe("closed");
  });

  it("is closed with the speaker, which then accepts and reports nothing", async () => {
    vi.useFakeTimers();
    machine.outputLatency = 0.2;
    const { speaker, drained, context } = await opened();
    const onstate = vi.fn();
    speaker.onstate = onstate;
    speaker.push(tone(0.2));
    await context.render(0.5);
    speaker.close();
    speaker.close();
    expect(context.state).toBe("closed");
    expect(speaker.state).toBe("closed");
    expect(speaker.push(tone(0.1))).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(drained).not.toHaveBeenCalled();
    expect(onstate).not.toHaveBeenCalled();
  });
});

describe("the device", () => {
  const HEADSET = { kind: "audiooutput", deviceId: "headset", label: "Headset" } as const;
  const BUILT_IN = { kind: "audiooutput", deviceId: "built-in", label: "Built-in" } as const;

  it("is the system's, until another one is chosen", async () => {
    machine.devices = [BUILT_IN, HEADSET];
    const { speaker, context } = await opened();
    expect(speaker.choosable).toBe(true);
    expect([speaker.device, context.sinkId]).toEqual(["", ""]);
    const changed = vi.fn();
    speaker.ondevice = changed;
    await speaker.choose("headset");
    expect([speaker.device, context.sinkId]).toEqual(["headset", "headset"]);
    expect(changed).toHaveBeenCalledOnce();
    await speaker.choose("");
    expect([speaker.device, context.sinkId]).toEqual(["", ""]);
  });

  it("is chosen on the context that plays, which moves Chromium's echo cancellation along", async () => {
    machine.devices = [HEADSET];
    const { speaker, context } = await opened();
    await speaker.choose("headset");
    speaker.push(tone(0.2));
    await context.render(0.5);
    expect(machine.contexts).toEqual([context]);
    expect(peak(context.heard)).toBeCloseTo(0.5, 1);
  });

  it("stays as it was when the chosen one can't be used", async () => {
    const { speaker } = await opened();
    await expect(speaker.choose("gone")).rejects.toThrow("no such device");
    expect(speaker.device).toBe("");
    expect(speaker.state).toBe("running");
  });

  it("is not reported as suspended on the way to another one", async () => {
    machine.devices = [HEADSET];
    const { speaker } = await opened();
    const states: string[] = [];
    speaker.onstate = (state) => states.push(state);
    await speaker.choose("headset");
    expect(new Set(states)).toEqual(new Set(["running"]));
  });

  it("is the default while the chosen one is unplugged, and the chosen one again when it is back", async () => {
    machine.devices = [BUILT_IN, HEADSET];
    const { speaker, context } = await opened();
    await speaker.choose("headset");
    machine.plug(BUILT_IN);
    // Chromium stops the context by itself.
    context.become("suspended");
    await until(() => expect(context.sinkId).toBe(""));
    await until(() => expect(speaker.state).toBe("running"));
    expect(speaker.device).toBe("");
    machine.plug(BUILT_IN, HEADSET);
    await until(() => expect(speaker.device).toBe("headset"));
    speaker.close();
    machine.plug(BUILT_IN);
    await Promise.resolve();
    expect(context.sinkId).toBe("headset");
  });
});

describe("what a figure's lips follow", () => {
  it("is loud while the voice sounds and zero when it does not", async () => {
    const { speaker, context } = await opened();
    expect(speaker.level()).toBe(0);
    speaker.push(tone(0.5));
    await context.render(0.3);
    expect(speaker.level()).toBeGreaterThan(0.8);
    await context.render(0.5);
    expect(speaker.level()).toBe(0);
  });

  it("is bright for high sounds and dark for low ones", async () => {
    const { speaker, context } = await opened();
    const [analyser] = context.analysers;
    if (!analyser) throw new Error("nothing is analysed");
    const hertz = PLAYBACK.rate / analyser.fftSize;
    const sounding = (from: number, to: number) =>
      Array.from({ length: analyser.frequencyBinCount }, (_, bin) =>
        bin * hertz >= from && bin * hertz < to ? 200 : 0,
      );
    analyser.bins = sounding(150, 550);
    expect(speaker.brightness()).toBeLessThan(0.1);
    analyser.bins = sounding(3000, 8000);
    expect(speaker.brightness()).toBeGreaterThan(0.9);
  });
});
