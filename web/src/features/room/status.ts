import type { Mood } from "../../figure/pose";
import { badNews, isOver, type Leaving, type Scene } from "../../interview/scene";
import type { Closing } from "../../stream/connection";
import type { Note } from "../../stream/state";

/** A trouble in words, and what can be done: dial again, or leave for the summary. */
export interface Trouble {
  tone: "warning" | "error";
  title: string;
  text: string;
  /** What the button says that dials again; none: dialling is no use, or happens by itself. */
  again?: string;
  /** The reason to leave with; none: there is nothing to leave to yet. */
  leave?: { reason: Leaving; label: string };
}

const SUMMARY = { reason: "candidate", label: "End and see the summary" } as const;

const CLOSED: Record<Closing, Trouble> = {
  ended: {
    tone: "warning",
    title: "The interview is over",
    text: "The interviewer has hung up. Everything said so far is kept.",
    leave: { reason: "already_ended", label: "See the summary" },
  },
  already_ended: {
    tone: "warning",
    title: "This interview has already ended",
    text: "It was ended in another tab, or its time ran out. Everything said is kept.",
    leave: { reason: "already_ended", label: "See the summary" },
  },
  taken_over: {
    tone: "warning",
    title: "The interview continues in another tab",
    text: "Only one tab or device can hold it at a time, and the newest one wins.",
    again: "Continue here instead",
  },
  not_found: {
    tone: "error",
    title: "This interview can't be found",
    text: "It may have been deleted, or its address belongs to someone else.",
    leave: { reason: "not_found", label: "Leave" },
  },
  bad_message: {
    tone: "error",
    title: "The page and the interviewer misunderstood each other",
    text: "That is our fault, not yours. Your answers so far are safe.",
    again: "Try again",
    leave: SUMMARY,
  },
  unreachable: {
    tone: "error",
    title: "The interviewer can't be reached",
    text: "Check your internet connection. Your answers so far are safe.",
    again: "Try again",
    leave: SUMMARY,
  },
  faulty: {
    tone: "error",
    title: "The connection keeps breaking off",
    text: "Something on our side does not work just now. Your answers so far are safe: try again in a moment.",
    again: "Try again",
    leave: SUMMARY,
  },
};

/** What is wrong with the line, or was with the end, in words; `null`: nothing. */
export function lineTrouble(scene: Pick<Scene, "link" | "begun" | "ending" | "notes">): Trouble | null {
  const { link, begun, ending } = scene;
  if (ending) return badNews(scene) ? badEnd(ending) : null;
  if (link.state === "closed") return CLOSED[link.why];
  if (link.state !== "reconnecting" || link.quiet) return null;
  if (link.busy) {
    return {
      tone: "warning",
      title: "All interviewers are busy",
      text: `You are not forgotten: we ask again every few seconds, and it ${begun ? "goes on" : "begins"} by itself.`,
    };
  }
  return begun
    ? {
        tone: "warning",
        title: "Connection lost",
        text: "Reconnecting by itself. Everything said so far is safe; wait a moment before you go on.",
      }
    : {
        tone: "warning",
        title: "The interviewer does not answer yet",
        text: "Trying again by itself. If it lasts, check your internet connection.",
      };
}

function badEnd(ending: NonNullable<Scene["ending"]>): Trouble {
  const leave = { reason: ending, label: "See the summary" };
  return ending === "failed"
    ? { tone: "error", title: "The interview can't go on", text: "Everything said so far is kept.", leave }
    : { tone: "warning", title: "The interview is over", text: "One thing you should know first:", leave };
}

/** The one line about the interviewer's face, and what the button says that fetches it; `null`: all is as it should be. */
export function videoTrouble({ face, notes, ...scene }: VideoScene): { text: string; bring?: string } | null {
  const gone = face.is === "gone";
  if (isOver(scene) || face.is === "here" || face.is === "off" || face.is === "none") return null;
  const text = (gone && face.word) || notes.find(({ code }) => code === "avatar_lost")?.message;
  if (gone) {
    return {
      text: text ?? "The video is off. The interview goes on by voice.",
      ...(face.again ? { bring: "Bring the video back" } : {}),
    };
  }
  return text ? { text } : null;
}

type VideoScene = Pick<Scene, "face" | "notes" | "ending" | "endingAsked" | "link">;

/** Whether a note stays until its cause is gone, rather than for a while. */
export function stays({ code }: Note): boolean {
  return code === "resuming" || code === "record_incomplete" || /^(model|store)_/.test(code);
}

/** What goes on, in the few words under the figure, and the mood that goes with them. */
export function presence(scene: Scene, sounding: boolean): { mood: Mood; title: string; hint: string } {
  const { link, begun, turns, floor, microphone, muted, holding, ending, endingAsked } = scene;
  if (badNews(scene)) return { mood: "away", title: "The interview has ended", hint: "See above." };
  if (ending || endingAsked)
    return { mood: "listening", title: "The interview is ending", hint: "One moment." };
  if (link.state === "closed")
    return { mood: "away", title: "Not connected", hint: "See above what can be done." };
  if (link.state === "reconnecting" && begun && !link.quiet)
    return { mood: "away", title: "Reconnecting…", hint: "What you said is safe." };
  if (!begun || link.state === "connecting")
    return { mood: "thinking", title: "Connecting", hint: "The interviewer is coming." };
  if (holding || floor === "thinking")
    return { mood: "waiting", title: "Take your time.", hint: "The floor is yours. The clock runs on." };
  if (sounding)
    return { mood: "speaking", title: "The interviewer is speaking", hint: cuttingIn(microphone, muted) };
  switch (floor) {
    case "candidate":
      return { mood: "listening", title: "Your turn", hint: hintFor(microphone, muted) };
    case "interviewer":
      return { mood: "speaking", title: "The interviewer is speaking", hint: cuttingIn(microphone, muted) };
    default:
      return {
        mood: "listening",
        title: "Connected",
        hint: turns.length > 0 ? "It goes on." : "You are about to be greeted.",
      };
  }
}

function cuttingIn(microphone: Scene["microphone"], muted: boolean): string {
  return microphone === "open" && !muted ? "Listen, or speak to cut in." : "Listen, or type to cut in.";
}

function hintFor(microphone: Scene["microphone"], muted: boolean): string {
  if (microphone !== "open") return "Type your answer.";
  return muted ? "You are muted: unmute, or type." : "Speak, or type your answer.";
}
