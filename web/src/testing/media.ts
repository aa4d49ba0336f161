import type { Device } from "../audio/devices";
import type { Microphone } from "../audio/microphone";
import type { Speaker } from "../audio/speaker";
import type { MediaAccess } from "../media/access";

/** A microphone whose level the test sets: the DOM of the tests has no sound. */
export class TestMicrophone implements Microphone {
  readonly label: string;
  onframe: ((pcm: ArrayBuffer) => void) | null = null;
  onended: (() => void) | null = null;
  muted = false;
  stopped = false;
  loudness = 0;
  lastSound = performance.now();
  withheld = false;

  constructor(readonly deviceId: string) {
    this.label = `Microphone ${deviceId}`;
  }

  level(): number {
    return this.loudness;
  }

  async resume(): Promise<void> {}

  stop(): void {
    this.stopped = true;
  }
}

export class TestSpeaker implements Speaker {
  received = 0;
  position = 0;
  idle = true;
  state: Speaker["state"] = "running";
  onDrained: (() => void) | null = null;
  onstate: Speaker["onstate"] = null;
  device = "";
  ondevice: (() => void) | null = null;
  choosable = true;
  /** Seconds of sound that were pushed. */
  pushed = 0;

  push(pcm: ArrayBuffer): boolean {
    this.pushed += pcm.byteLength / 2 / 24_000;
    return true;
  }

  interrupt(): void {}

  async choose(device: string): Promise<void> {
    this.device = device;
    this.ondevice?.();
  }

  level(): number {
    return 0;
  }

  brightness(): number {
    return 0;
  }

  async resume(): Promise<void> {}

  close(): void {
    this.state = "closed";
  }
}

/** A camera that shows nothing: the DOM of the tests has no picture. */
export class TestCamera {
  stopped = false;
  readonly stream = Object.assign(new MediaStream(), {
    getTracks: () => [{ stop: () => this.stop() } as MediaStreamTrack],
  });

  stop(): void {
    this.stopped = true;
  }
}

/** The devices of a machine: which exist, which were opened, and which fail. */
export class TestMedia implements MediaAccess {
  opened: TestMicrophone[] = [];
  speakers: TestSpeaker[] = [];
  /** Errors that the next requests for a microphone throw, one each. */
  refusals: unknown[] = [];

  constructor(readonly plugged: string[] = ["first", "second"]) {}

  openMicrophone = async (deviceId?: string): Promise<Microphone> => {
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    const id = deviceId ?? this.plugged[0];
    if (id === undefined || !this.plugged.includes(id)) throw new DOMException("none", "NotFoundError");
    const microphone = new TestMicrophone(id);
    this.opened.push(microphone);
    return microphone;
  };

  microphones = async (): Promise<Device[]> => this.plugged.map((id) => ({ id, label: `Microphone ${id}` }));

  /** The loudspeakers, by their ids. */
  sounding: string[] = ["headphones", "monitor"];

  loudspeakers = async (): Promise<Device[]> =>
    this.sounding.map((id) => ({ id, label: `Loudspeaker ${id}` }));

  /** Devices are plugged in or out. */
  plug(...ids: string[]): void {
    this.plugged.splice(0, this.plugged.length, ...ids);
    navigator.mediaDevices?.dispatchEvent(new Event("devicechange"));
  }

  openSpeaker = async (): Promise<Speaker> => {
    const speaker = new TestSpeaker();
    this.speakers.push(speaker);
    return speaker;
  };

  /** The cameras that were opened, where there is one. */
  cameras: TestCamera[] = [];
  hasCamera = false;

  openCamera = async (): Promise<MediaStream> => {
    if (!this.hasCamera) throw new DOMException("none", "NotFoundError");
    const camera = new TestCamera();
    this.cameras.push(camera);
    return camera.stream;
  };
}
