import { expect, it, vi } from "vitest";
import { TestMedia } from "../testing/media";
import { until } from "../testing/until";
import { reopen } from "./reopen";

const ALL = { microphone: true, camera: true };

it("asks for all devices before it waits, inside the click", () => {
  const media = new TestMedia();
  const asked: string[] = [];
  const camera = vi.fn(() => new Promise<MediaStream>(() => undefined));
  media.openCamera = camera;
  const { openMicrophone } = media;
  media.openMicrophone = (id) => {
    asked.push("microphone");
    return openMicrophone(id);
  };
  media.openSpeaker = () => {
    asked.push("speaker");
    return new Promise(() => undefined);
  };
  void reopen(media, ALL);
  expect(asked).toEqual(["speaker", "microphone"]);
  expect(camera).toHaveBeenCalledOnce();
});

it("goes on without a camera, and opens no microphone where there was none", async () => {
  const media = new TestMedia();
  expect(await reopen(media, ALL)).toEqual({
    speaker: media.speakers[0],
    microphone: media.opened[0],
    camera: null,
  });
  expect((await reopen(media, { microphone: false, camera: false })).microphone).toBeNull();
});

it("releases microphone and camera when there is no sound", async () => {
  const media = new TestMedia();
  media.hasCamera = true;
  media.openSpeaker = () => Promise.reject(new Error("no sound"));
  await expect(reopen(media, ALL)).rejects.toThrow("no sound");
  await until(() => expect(media.opened[0]?.stopped).toBe(true));
  await until(() => expect(media.cameras[0]?.stopped).toBe(true));
});
