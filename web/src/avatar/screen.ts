/** The page's elements that play the replica's video and audio. */
export interface Screen {
  /** The picture, without sound, to be placed in the page. */
  readonly picture: HTMLElement;
  /** Plays both; resolves when they play. Rejects as `play()` does: with NotAllowedError where the browser wants a click. */
  show(video: MediaStreamTrack, audio: MediaStreamTrack): Promise<void>;
  /** Mutes or unmutes the sound. */
  silence(on: boolean): void;
  /** Plays the sound through this device where the browser lets the page choose; empty: the system's default. */
  playThrough(device: string): void;
  /** Stops picture and sound. */
  clear(): void;
  /** Increases with each new frame of the picture. */
  readonly progress: number;
  /** Allows `show` to play without another click. Call it inside a click. */
  prime(): void;
}

export class PageScreen implements Screen {
  readonly picture: HTMLVideoElement;
  readonly #sound: HTMLAudioElement;
  #silent = true;
  #frames = 0;
  #counting = false;

  constructor() {
    this.picture = document.createElement("video");
    this.picture.muted = true;
    this.picture.playsInline = true;
    this.picture.setAttribute("aria-label", "The interviewer, on video");
    this.#sound = document.createElement("audio");
  }

  async show(video: MediaStreamTrack, audio: MediaStreamTrack): Promise<void> {
    this.picture.srcObject = new MediaStream([video]);
    this.#sound.srcObject = new MediaStream([audio]);
    // A muted element may always play, but is stopped when it is unmuted without a click.
    this.#sound.muted = false;
    this.#count();
    await Promise.all([this.picture.play(), this.#sound.play()]);
    this.#sound.muted = this.#silent;
  }

  silence(on: boolean): void {
    this.#silent = on;
    this.#sound.muted = on;
  }

  playThrough(device: string): void {
    const sound: HTMLAudioElement & { sinkId?: string; setSinkId?: (device: string) => Promise<void> } =
      this.#sound;
    if (device === (sound.sinkId ?? "")) return;
    // It can be unplugged at that moment; the next change of the devices corrects it.
    sound.setSinkId?.(device).catch(() => undefined);
  }

  clear(): void {
    for (const element of [this.picture, this.#sound]) {
      element.pause();
      element.srcObject = null;
    }
  }

  /** The number of frames where the browser counts them, else the time of the newest one. */
  get progress(): number {
    return this.#counting ? this.#frames : this.picture.currentTime;
  }

  prime(): void {
    // Nothing plays yet: the browser only needs the call inside the click.
    this.#sound.play().catch(() => undefined);
  }

  #count(): void {
    if (this.#counting || !("requestVideoFrameCallback" in this.picture)) return;
    this.#counting = true;
    const next = () => {
      this.#frames += 1;
      this.picture.requestVideoFrameCallback(next);
    };
    this.picture.requestVideoFrameCallback(next);
  }
}
