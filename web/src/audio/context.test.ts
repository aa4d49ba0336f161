import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FakeMachine } from "../testing/audio";
import captureUrl from "./capture.worklet.ts?worker&url";
import { loaded } from "./context";

let machine: FakeMachine;

beforeEach(() => {
  machine = FakeMachine.install();
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it("asks for a worklet's module a second time, and no third time", async () => {
  machine.modulesFail = 1;
  const loading = loaded(new AudioContext(), captureUrl);
  await vi.advanceTimersByTimeAsync(400);
  await loading;
  machine.modulesFail = 3;
  const failing = expect(loaded(new AudioContext(), captureUrl)).rejects.toThrow("can't be loaded");
  await vi.advanceTimersByTimeAsync(400);
  await failing;
  expect(machine.modulesFail).toBe(1);
});

it("gives up on a module that never arrives, after two times ten seconds", async () => {
  const context = new AudioContext();
  const addModule = vi.fn(() => new Promise<void>(() => undefined));
  Object.defineProperty(context, "audioWorklet", { value: { addModule } });
  const failing = expect(loaded(context, captureUrl)).rejects.toMatchObject({ name: "TimeoutError" });
  await vi.advanceTimersByTimeAsync(20_400);
  await failing;
  expect(addModule).toHaveBeenCalledTimes(2);
});
