import { beforeEach, expect, it, vi } from "vitest";
import { FakeMachine } from "../testing/audio";
import { TestMedia } from "../testing/media";
import { MicrophoneKeeper } from "./keeper";
import { rememberMicrophone } from "./preferences";

let media: TestMedia;
const onopened = vi.fn();
const onlost = vi.fn();

beforeEach(() => {
  // It has the event `devicechange`.
  FakeMachine.install();
  media = new TestMedia(["headset", "built-in"]);
  onopened.mockReset();
  onlost.mockReset();
});

const settle = () => new Promise((resolve) => setTimeout(resolve));
const names = () => media.opened.map(({ deviceId }) => deviceId);

/** A keeper whose preferred headset is in use. */
async function keeping(device = "headset") {
  rememberMicrophone("headset");
  const keeper = new MicrophoneKeeper({ media, onopened, onlost });
  keeper.use({ deviceId: device, label: `Microphone ${device}` });
  await settle();
  return keeper;
}

it("replaces a microphone that was unplugged by one that remains, and names both", async () => {
  const keeper = await keeping();
  media.plug("built-in");
  keeper.gone();
  await settle();
  expect(onopened).toHaveBeenCalledExactlyOnceWith(media.opened[0], {
    why: "gone",
    from: "Microphone headset",
    to: "Microphone built-in",
  });
  expect(onlost).not.toHaveBeenCalled();
});

it("does so too when the list of devices learns of it later", async () => {
  const keeper = await keeping();
  keeper.gone();
  await settle();
  expect(onlost).toHaveBeenCalledOnce();
  media.plug("built-in");
  await settle();
  expect(names()).toEqual(["built-in"]);
});

it("uses the preferred one again when it is back", async () => {
  const keeper = await keeping();
  media.plug("built-in");
  keeper.gone();
  await settle();
  media.plug("built-in", "headset");
  await settle();
  expect(names()).toEqual(["built-in", "headset"]);
  expect(onopened).toHaveBeenLastCalledWith(media.opened[1], {
    why: "back",
    from: "Microphone built-in",
    to: "Microphone headset",
  });
});

it("leaves one that was not preferred where it is when it is back", async () => {
  const keeper = await keeping("built-in");
  media.plug("built-in", "headset", "other");
  await settle();
  expect(names()).toEqual([]);
  media.plug("headset", "other");
  keeper.gone();
  await settle();
  media.plug("headset", "other", "built-in");
  await settle();
  expect(names()).toEqual(["headset"]);
});

it("opens nothing when the device is still there: the person or another program has withdrawn it", async () => {
  const keeper = await keeping();
  keeper.gone();
  await settle();
  expect(names()).toEqual([]);
  expect(onlost).toHaveBeenCalledOnce();
});

it("asks the candidate when nothing is left, or what is left can't be opened", async () => {
  const keeper = await keeping();
  media.plug();
  keeper.gone();
  await settle();
  expect(onlost).toHaveBeenCalled();
  onlost.mockReset();
  media.refusals.push(new DOMException("", "NotReadableError"));
  media.plug("built-in");
  await settle();
  expect(onlost).toHaveBeenCalledOnce();
  expect(names()).toEqual([]);
});

it("opens nothing for a candidate who types", async () => {
  const keeper = await keeping();
  keeper.use(null);
  media.plug("built-in");
  media.plug("built-in", "headset");
  await settle();
  expect(names()).toEqual([]);
});

it("opens nothing after it was closed, and closes what was being opened", async () => {
  const keeper = await keeping();
  const { openMicrophone } = media;
  let allow = () => {};
  media.openMicrophone = async (id) => {
    await new Promise<void>((resolve) => {
      allow = resolve;
    });
    return openMicrophone(id);
  };
  media.plug("built-in");
  keeper.gone();
  await settle();
  keeper.close();
  allow();
  await settle();
  expect(media.opened[0]?.stopped).toBe(true);
  expect(onopened).not.toHaveBeenCalled();
  media.plug("built-in", "headset");
  await settle();
  expect(media.opened).toHaveLength(1);
});
