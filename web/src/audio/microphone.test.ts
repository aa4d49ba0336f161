import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeMachine } from "../testing/audio";
import { FakeStream, FakeTrack } from "../testing/tracks";
import { until } from "../testing/until";
import { type Microphone, MicrophoneError, microphoneError, openMicrophone } from "./microphone";

describe("what the browser throws", () => {
  it.each([
    ["NotAllowedError", "refused"],
    ["SecurityError", "refused"],
    ["NotFoundError", "missing"],
    ["OverconstrainedError", "missing"],
    ["NotReadableError", "busy"],
    ["AbortError", "busy"],
    ["InvalidStateError", "failed"],
  ])("as %s means %s", (name, kind) => {
    const error = microphoneError(new DOMException("", name));
    expect(error).toBeInstanceOf(MicrophoneError);
    expect(error.kind).toBe(kind);
  });

  it("is kept as the cause, and named once", () => {
    const cause = new TypeError("odd");
    const error = microphoneError(cause);
    expect(error.cause).toBe(cause);
    expect(microphoneError(error)).toBe(error);
    expect(microphoneError("text").kind).toBe("failed");
  });
});

describe("a page without a microphone", () => {
  it("reports an insecure address", async () => {
    vi.stubGlobal("isSecureContext", false);
    await expect(openMicrophone()).rejects.toMatchObject({ kind: "insecure" });
  });

  it("reports an unsupported browser", async () => {
    vi.stubGlobal("isSecureContext", true);
    await expect(openMicrophone()).rejects.toMatchObject({ kind: "unsupported" });
  });
});

describe("an open microphone", () => {
  let machine: FakeMachine;
  let track: FakeTrack;

  beforeEach(() => {
    machine = FakeMachine.install();
    track = new FakeTrack("Headset", "headset-1");
    machine.microphone = () => new FakeStream([track]);
  });

  /** An open microphone, and the frames that it sends. */
  async function opened(deviceId?: string) {
    const microphone = await openMicrophone(deviceId);
    const frames: Int16Array[] = [];
    microphone.onframe = (pcm) => frames.push(new Int16Array(pcm));
    return { microphone, frames, context: machine.context };
  }

  const peak = (frames: Int16Array[]) => Math.max(...frames.flatMap((frame) => [...frame].map(Math.abs)));

  it("is asked for with echo cancellation, noise suppression and automatic gain", async () => {
    await opened();
    expect(machine.asked).toEqual([
      { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } },
    ]);
  });

  it("is exactly the one that was chosen, with the same processing", async () => {
    const { microphone } = await opened("headset-1");
    expect(machine.asked).toEqual([
      {
        audio: {
          echoCancellation: true,
          noiseSuppression: true,
          autoGainControl: true,
          deviceId: { exact: "headset-1" },
        },
      },
    ]);
    expect(microphone.deviceId).toBe("headset-1");
    expect(microphone.label).toBe("Headset");
  });

  it("opens its context inside the click, before the browser asks for permission", async () => {
    let before = 0;
    machine.microphone = () => {
      before = machine.contexts.length;
      return new FakeStream([track]);
    };
    const opening = openMicrophone();
    expect(machine.contexts).toHaveLength(1);
    await opening;
    expect(before).toBe(1);
  });

  it.each([48_000, 44_100, 16_000])(
    "sends a frame of 40 ms at 16 kHz, 25 a second, from %i Hz",
    async (rate) => {
      machine.rate = rate;
      const { frames, context } = await opened();
      track.level = 0.5;
      await context.render(1);
      expect(context.sampleRate).toBe(rate);
      expect(frames.length).toBeGreaterThanOrEqual(24);
      expect(frames.length).toBeLessThanOrEqual(26);
      expect(new Set(frames.map(({ byteLength }) => byteLength))).toEqual(new Set([1280]));
      expect(frames.at(-1)?.[320]).toBeGreaterThan(16_000);
      expect(frames.at(-1)?.[320]).toBeLessThan(16_800);
    },
  );

  it("is never heard from the loudspeaker", async () => {
    const { context } = await opened();
    track.level = 0.5;
    await context.render(0.2);
    expect(context.heard.some((sample) => sample !== 0)).toBe(false);
  });

  it("shows how loud it is", async () => {
    const { microphone, context } = await opened();
    await context.render(0.2);
    expect(microphone.level()).toBe(0);
    track.level = 0.5;
    await context.render(0.2);
    expect(microphone.level()).toBeGreaterThan(0.9);
  });

  it("sends silence and shows no level while it is muted", async () => {
    const { microphone, frames, context } = await opened();
    track.level = 0.5;
    await context.render(0.2);
    frames.splice(0);
    microphone.muted = true;
    expect(track.enabled).toBe(false);
    await context.render(0.4);
    expect(frames.length).toBeGreaterThan(8);
    expect(peak(frames)).toBe(0);
    expect(microphone.level()).toBe(0);
    microphone.muted = false;
    frames.splice(0);
    await context.render(0.2);
    expect(track.enabled).toBe(true);
    expect(peak(frames)).toBeGreaterThan(16_000);
  });

  it("says when its last sound came: any noise of a room, and none of a muted device's zeros", async () => {
    const { microphone, context } = await opened();
    const start = microphone.lastSound;
    await context.render(0.2);
    expect(microphone.lastSound).toBe(start);
    // A quiet room at -85 dB.
    track.level = 10 ** (-85 / 20);
    await context.render(0.2);
    const later = microphone.lastSound;
    expect(later).toBeGreaterThan(start);
    // What an open input without a microphone sends: less than half a step of a 16-bit sample.
    track.level = 0.4 / 32_768;
    await context.render(0.4);
    const last = microphone.lastSound;
    await context.render(0.4);
    expect(microphone.lastSound).toBe(last);
  });

  it("counts no time while it is muted as time without a sound", async () => {
    const { microphone } = await opened();
    microphone.muted = true;
    const before = performance.now();
    microphone.muted = false;
    expect(microphone.lastSound).toBeGreaterThanOrEqual(before);
  });

  it("says that the system withholds the sound", async () => {
    const { microphone } = await opened();
    expect(microphone.withheld).toBe(false);
    track.withhold(true);
    expect(microphone.withheld).toBe(true);
    track.withhold(false);
    expect(microphone.withheld).toBe(false);
  });

  it("reports that the device was disconnected", async () => {
    const { microphone } = await opened();
    const onended = vi.fn();
    microphone.onended = onended;
    track.unplug();
    expect(onended).toHaveBeenCalledOnce();
  });

  it("closes the device and the context when it is stopped, and sends nothing more", async () => {
    const { microphone, frames, context } = await opened();
    track.level = 0.5;
    await context.render(0.1);
    const { onended } = track;
    microphone.stop();
    microphone.stop();
    frames.splice(0);
    expect(track.readyState).toBe("ended");
    expect(context.state).toBe("closed");
    expect(onended).not.toBeNull();
    expect(track.onended).toBeNull();
    await context.render(0.2);
    expect(frames).toEqual([]);
  });

  it("resumes when the page is seen again, and leaves no listener behind when it is stopped", async () => {
    const add = vi.spyOn(document, "addEventListener");
    const remove = vi.spyOn(document, "removeEventListener");
    const { microphone, context } = await opened();
    context.become("suspended");
    document.dispatchEvent(new Event("visibilitychange"));
    await until(() => expect(context.state).toBe("running"));
    microphone.stop();
    expect(add.mock.calls.length).toBeGreaterThan(0);
    expect(new Set(remove.mock.calls.map(String))).toEqual(new Set(add.mock.calls.map(String)));
    expect(remove.mock.calls).toHaveLength(add.mock.calls.length);
  });

  it("resumes inside a click when the browser has suspended it", async () => {
    machine.blocked = true;
    vi.useFakeTimers();
    const opening = openMicrophone();
    await vi.advanceTimersByTimeAsync(3000);
    const microphone: Microphone = await opening;
    vi.useRealTimers();
    expect(machine.context.state).toBe("suspended");
    machine.click();
    await microphone.resume();
    expect(machine.context.state).toBe("running");
  });
});

describe("a microphone that can't be opened", () => {
  let machine: FakeMachine;

  beforeEach(() => {
    machine = FakeMachine.install();
  });

  it("leaves no context behind when it is refused", async () => {
    machine.microphone = () => {
      throw new DOMException("", "NotAllowedError");
    };
    await expect(openMicrophone()).rejects.toMatchObject({ kind: "refused" });
    expect(machine.context.state).toBe("closed");
  });

  it("is closed when the worklet can't be loaded", async () => {
    const track = new FakeTrack("Headset", "headset-1");
    machine.microphone = () => new FakeStream([track]);
    machine.modulesFail = 2;
    await expect(openMicrophone()).rejects.toMatchObject({ kind: "failed" });
    expect(track.readyState).toBe("ended");
    expect(machine.context.state).toBe("closed");
  });

  it("is missing when the stream has no audio track", async () => {
    machine.microphone = () => new FakeStream([]);
    await expect(openMicrophone()).rejects.toMatchObject({ kind: "missing" });
    expect(machine.context.state).toBe("closed");
  });
});
