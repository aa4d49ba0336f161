export class FakeTrack {
  readonly kind = "audio";
  enabled = true;
  readyState: "live" | "ended" = "live";
  onended: (() => void) | null = null;
  onunmute: (() => void) | null = null;
  /** The system withholds the sound. */
  muted = false;
  /** Live and unmuted, and sends nothing: iOS after a phone call. */
  dead = false;
  /** The sample that the microphone hears, all the time. */
  level = 0;

  constructor(
    readonly label: string,
    readonly deviceId: string,
  ) {}

  get sample(): number {
    const sends = this.enabled && this.readyState === "live" && !this.muted && !this.dead;
    return sends ? this.level : 0;
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.deviceId };
  }

  /** By the page itself: then there is no event. */
  stop(): void {
    this.readyState = "ended";
  }

  /** The system withholds the sound, or hands it over again. */
  withhold(on: boolean): void {
    this.muted = on;
    if (!on) this.onunmute?.();
  }

  /** The device goes away. */
  unplug(): void {
    if (this.readyState === "ended") return;
    this.readyState = "ended";
    this.onended?.();
  }
}

export class FakeStream {
  constructor(readonly tracks: FakeTrack[]) {}

  getTracks(): FakeTrack[] {
    return this.tracks;
  }

  getAudioTracks(): FakeTrack[] {
    return this.tracks;
  }
}
