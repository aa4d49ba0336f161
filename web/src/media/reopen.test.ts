import { expect, it, vi } from "vitest";
import { TestDoors } from "../testing/media";
import { reopen } from "./reopen";

const ALL = { microphone: true, camera: true };

it("asks for everything before it waits for anything: only that counts as inside the click", () => {
  const doors = new TestDoors();
  const asked: string[] = [];
  const camera = vi.fn(() => new Promise<MediaStream>(() => undefined));
  doors.openCamera = camera;
  const { openMicrophone } = doors;
  doors.openMicrophone = (id) => {
    asked.push("microphone");
    return openMicrophone(id);
  };
  doors.openSpeaker = () => {
    asked.push("speaker");
    return new Promise(() => undefined);
  };
  void reopen(doors, ALL);
  expect(asked).toEqual(["speaker", "microphone"]);
  expect(camera).toHaveBeenCalledOnce();
});

it("does without a camera, and without what was not there before", async () => {
  const doors = new TestDoors();
  expect(await reopen(doors, ALL)).toEqual({
    speaker: doors.speakers[0],
    microphone: doors.opened[0],
    camera: null,
  });
  expect((await reopen(doors, { microphone: false, camera: false })).microphone).toBeNull();
});

it("releases microphone and camera when there is no sound", async () => {
  const doors = new TestDoors();
  doors.hasCamera = true;
  doors.openSpeaker = () => Promise.reject(new Error("no sound"));
  await expect(reopen(doors, ALL)).rejects.toThrow("no sound");
  await vi.waitFor(() => expect(doors.opened[0]?.stopped).toBe(true));
  await vi.waitFor(() => expect(doors.cameras[0]?.stopped).toBe(true));
});
