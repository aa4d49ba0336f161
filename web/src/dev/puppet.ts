import { openSpeaker, type Speaker } from "../audio/speaker";
import { nextPose, REST } from "../figure/pose";
import { painter } from "./face";

/** Pictures a second. */
const RATE = 25;
/** Of the picture, in pixels, as of a replica's. */
const SIZE = { width: 1280, height: 720 };

/** How long it counts as speaking between two words, in milliseconds. */
const PAUSE_MS = 600;

/** What stands in for a replica's picture and sound. */
export interface Puppet {
  readonly video: MediaStreamTrack;
  readonly audio: MediaStreamTrack;
  /** More of its voice: PCM16 mono 24 kHz, whose buffer is given away. */
  say: (pcm: ArrayBuffer) => void;
  /** No new picture from now on, or again. */
  freeze: (on: boolean) => void;
  close: () => void;
}

/** Sound and picture as tracks, as a room would give them. Throws what the browser throws where it has no sound. */
export async function openPuppet(): Promise<Puppet> {
  let sound: MediaStreamAudioDestinationNode | undefined;
  const voice = await openSpeaker((context) => {
    sound = context.createMediaStreamDestination();
    return sound;
  });
  const canvas = Object.assign(document.createElement("canvas"), SIZE);
  const paper = canvas.getContext("2d", { alpha: false });
  const [audio] = sound?.stream.getAudioTracks() ?? [];
  const [video] = canvas.captureStream(RATE).getVideoTracks();
  if (!paper || !audio || !video) {
    voice.close();
    throw new Error("this browser can't draw a picture into a stream");
  }
  const moving = animate(paper, voice);
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

/** Draws a picture every 40 ms, whose lips follow the voice. */
function animate(paper: CanvasRenderingContext2D, voice: Pick<Speaker, "level" | "brightness">) {
  const paint = painter(paper, SIZE);
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
