import { openSpeaker, type Speaker } from "../audio/speaker";
import { nextPose, REST } from "../figure/pose";
import { painter } from "./face";

/** Pictures per second. */
const RATE = 25;
/** Of the picture, in pixels, as of a replica's. */
const SIZE = { width: 1280, height: 720 };

/** A pause this long still counts as speaking, in milliseconds. */
const PAUSE_MS = 600;

/** The picture and sound of the stand-in's replica. */
export interface Puppet {
  readonly video: MediaStreamTrack;
  readonly audio: MediaStreamTrack;
  /** Plays more of its voice: PCM16 mono 24 kHz. Its buffer is transferred. */
  say: (pcm: ArrayBuffer) => void;
  /** Stops or resumes drawing new pictures. */
  freeze: (on: boolean) => void;
  close: () => void;
}

/** Opens sound and picture as tracks, like those of a room. Rejects where the browser has no sound or canvas streams. */
export async function openPuppet(): Promise<Puppet> {
  let sound: MediaStreamAudioDestinationNode | undefined;
  const voice = await openSpeaker((context) => {
    sound = context.createMediaStreamDestination();
    return sound;
  });
  const canvas = Object.assign(document.createElement("canvas"), SIZE);
  const drawing = canvas.getContext("2d", { alpha: false });
  const [audio] = sound?.stream.getAudioTracks() ?? [];
  const [video] = canvas.captureStream(RATE).getVideoTracks();
  if (!drawing || !audio || !video) {
    voice.close();
    throw new Error("this browser can't draw a picture into a stream");
  }
  const moving = animate(drawing, voice);
  return {
    video,
    audio,
    say: (pcm) => void voice.push(pcm),
    freeze: (on) => moving.freeze(on),
    close: () => {
      moving.stop();
      voice.close();
      video.stop();
      audio.stop();
    },
  };
}

/** Draws a picture every 40 ms; the lips follow the voice. */
function animate(drawing: CanvasRenderingContext2D, voice: Pick<Speaker, "level" | "brightness">) {
  const paint = painter(drawing, SIZE);
  const began = performance.now();
  let pose = REST;
  let last = began;
  let sounded = Number.NEGATIVE_INFINITY;
  let frozen = false;
  paint(pose);
  const timer = setInterval(() => {
    if (frozen) return;
    const now = performance.now();
    const level = voice.level();
    if (level > 0) sounded = now;
    const cue = {
      activity: now - sounded < PAUSE_MS ? "speaking" : "listening",
      level,
      brightness: voice.brightness(),
      candidate: 0,
      resting: false,
      still: false,
    } as const;
    pose = nextPose(pose, cue, (now - began) / 1000, Math.min(0.1, (now - last) / 1000));
    last = now;
    paint(pose);
  }, 1000 / RATE);
  return {
    freeze(on: boolean) {
      frozen = on;
    },
    stop: () => clearInterval(timer),
  };
}
