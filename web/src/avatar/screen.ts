/** The page's own elements on which the replica is seen and heard. */
export interface Screen {
  /** The picture, to be put where it is wanted; without sound. */
  readonly picture: HTMLElement;
  /** Plays both; resolves when they do. Rejects as `play()` does: with NotAllowedError where the browser wants a click. */
  show(video: MediaStreamTrack, audio: MediaStreamTrack): Promise<void>;
  /** Keeps the sound back, or lets it be heard. */
  silence(on: boolean): void;
  /** Takes picture and sound away. */
  clear(): void;
  /** Grows with each new frame of the picture. */
  readonly progress: number;
  /** Makes ready to play without a further click; to be called inside one. */
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
    // Muted it would always be let play, and then be stopped when it is to be heard.
    this.#sound.muted = false;
    this.#count();
    await Promise.all([this.picture.play(), this.#sound.play()]);
    this.#sound.muted = this.#silent;
  }

  silence(on: boolean): void {
    this.#silent = on;
    this.#sound.muted = on;
  }

  clear(): void {
    for (const element of [this.picture, this.#sound]) {
      element.pause();
      element.srcObject = null;
    }
  }

  /** Frames where the browser counts them, else the time of the newest. */
  get progress(): number {
    return this.#counting ? this.#frames : this.picture.currentTime;
  }

  prime(): void {
    // There is nothing to play yet: the call itself is what the browser wants to see.
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
