import { beforeEach, expect, it, vi } from "vitest";
import { FakeMachine } from "../testing/audio";
import { loudspeakers, microphones, watchDevices } from "./devices";

let machine: FakeMachine;

beforeEach(() => {
  machine = FakeMachine.install();
  machine.devices = [
    { kind: "audioinput", deviceId: "default", label: "Default - Headset" },
    { kind: "audioinput", deviceId: "in", label: "" },
    { kind: "audiooutput", deviceId: "default", label: "Default - Headset" },
    { kind: "audiooutput", deviceId: "out", label: "Headset" },
    { kind: "audiooutput", deviceId: "", label: "" },
    { kind: "videoinput", deviceId: "camera", label: "Camera" },
  ];
});

it("lists the microphones, those without a name by number", async () => {
  expect(await microphones()).toEqual([
    { id: "default", label: "Default - Headset" },
    { id: "in", label: "Microphone 2" },
  ]);
});

it("lists the loudspeakers without the system's default", async () => {
  expect(await loudspeakers()).toEqual([{ id: "out", label: "Headset" }]);
});

it("calls when a device is plugged in or out, until it is stopped", () => {
  const changed = vi.fn();
  const stop = watchDevices(changed);
  machine.plug();
  expect(changed).toHaveBeenCalledOnce();
  stop();
  machine.plug();
  expect(changed).toHaveBeenCalledOnce();
});

it("lists nothing where the browser has no devices", async () => {
  Reflect.deleteProperty(navigator, "mediaDevices");
  expect(await microphones()).toEqual([]);
  expect(await loudspeakers()).toEqual([]);
  expect(watchDevices(() => undefined)()).toBeUndefined();
});
