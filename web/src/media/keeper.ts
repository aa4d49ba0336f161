import { type Device, watchDevices } from "../audio/devices";
import type { Microphone } from "../audio/microphone";
import type { MediaAccess } from "./access";
import { preferredMicrophone } from "./preferences";

/** Another microphone is in use, without the candidate's doing: the one before is gone, or the preferred one is back. */
export interface Change {
  why: "gone" | "back";
  /** The names of the devices. */
  from: string;
  to: string;
}

export interface KeeperOptions {
  media: Pick<MediaAccess, "openMicrophone" | "microphones">;
  /** A microphone was opened, to be used from now on. */
  onopened: (microphone: Microphone, change: Change) => void;
  /** The microphone is gone, and no other one can take its place: the candidate decides. */
  onlost: () => void;
}

/**
 * Keeps a microphone in use while devices are plugged in and out. One that was unplugged is replaced by the browser's choice
 * of those that remain. The preferred one is used again when it is back. A device that is still listed was withdrawn by the
 * person or by another program: nothing is opened behind the person's back then.
 */
export class MicrophoneKeeper {
  readonly #options: KeeperOptions;
  readonly #unwatch: () => void;
  /** The device in use, or the one that is gone. */
  #device: Device | null = null;
  #gone = false;
  /** What was plugged in last time. */
  #known: Device[] | null = null;
  #closed = false;
  #looking = Promise.resolve();

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#unwatch = watchDevices(() => this.#lookAgain());
    this.#lookAgain();
  }

  /** This microphone is in use; `null`: none, the candidate types. */
  use(microphone: Pick<Microphone, "deviceId" | "label"> | null): void {
    this.#device = microphone && { id: microphone.deviceId, label: microphone.label };
    this.#gone = false;
  }

  /** The microphone in use has ended. */
  gone(): void {
    this.#gone = true;
    this.#lookAgain();
  }

  close(): void {
    this.#closed = true;
    this.#unwatch();
  }

  /** One look at a time, in order. */
  #lookAgain(): void {
    this.#looking = this.#looking.then(() => this.#look());
  }

  async #look(): Promise<void> {
    const listed = await this.#options.media.microphones();
    if (this.#closed) return;
    const known = this.#known;
    this.#known = listed;
    const device = this.#device;
    if (!device) {
      if (this.#gone) this.#options.onlost();
      return;
    }
    const back = listed.find(({ id }) => id === preferredMicrophone());
    if (known && back && !includes(known, back) && (this.#gone || !same(back, device))) {
      if (await this.#open({ why: "back", from: device.label, to: back.label }, back.id)) return;
    }
    if (!this.#gone) return;
    const unplugged = listed.length > 0 && !includes(listed, device);
    if (unplugged && (await this.#open({ why: "gone", from: device.label, to: "" }))) return;
    if (this.#gone && !this.#closed) this.#options.onlost();
  }

  async #open(change: Change, deviceId?: string): Promise<boolean> {
    const device = this.#device;
    const microphone = await this.#options.media.openMicrophone(deviceId).catch(() => null);
    if (!microphone) return false;
    // Meanwhile the room was left, or the candidate has chosen.
    if (this.#closed || this.#device !== device) {
      microphone.stop();
      return true;
    }
    this.use(microphone);
    this.#options.onopened(microphone, { ...change, to: microphone.label || change.to });
    return true;
  }
}

/** The id alone would not do: "default" is another device when the one behind it is unplugged. */
function same(one: Device, other: Device): boolean {
  return one.id === other.id && one.label === other.label;
}

function includes(devices: readonly Device[], device: Device): boolean {
  return devices.some((each) => same(each, device));
}
