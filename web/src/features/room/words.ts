import type { Closing } from "../../stream/connection";
import type { Leaving, Scene } from "./live";
import type { Mood } from "./pose";

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
    title: "The interview went on in another tab",
    text: "Only one tab or device can hold it at a time, and the newest one wins.",
    again: "Go on here",
  },
  not_found: {
    tone: "error",
    title: "This interview can't be found",
    text: "It may have been deleted, or its address belongs to someone else.",
    leave: { reason: "not_found", label: "Leave" },
  },
  no_hello: {
    tone: "error",
    title: "The connection was too slow to begin",
    text: "The interviewer waited and heard nothing. Your answers so far are safe.",
    again: "Try again",
    leave: SUMMARY,
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
};

/** What is wrong with the line, in words; `null`: nothing. */
export function lineTrouble({
  link,
  begun,
  ending,
}: Pick<Scene, "link" | "begun" | "ending">): Trouble | null {
  if (ending) return null;
  if (link.state === "closed") return CLOSED[link.why];
  if (link.state !== "reconnecting") return null;
  if (link.busy) {
    return {
      tone: "warning",
      title: "All interviewers are busy",
      text: "You are not forgotten: we ask again every few seconds, and it begins by itself.",
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

/** What goes on, in the few words under the figure, and the mood that goes with them. */
export function presence(scene: Scene, sounding: boolean): { mood: Mood; title: string; hint: string } {
  const { link, begun, turns, floor, microphone, muted, ending, endingAsked } = scene;
  if (ending || endingAsked)
    return { mood: "listening", title: "The interview is ending", hint: "One moment." };
  if (link.state === "closed")
    return { mood: "away", title: "Not connected", hint: "See above what can be done." };
  if (link.state === "reconnecting" && begun)
    return { mood: "away", title: "Reconnecting", hint: "One moment." };
  if (link.state !== "open")
    return { mood: "thinking", title: "Connecting", hint: "The interviewer is coming." };
  if (sounding)
    return { mood: "speaking", title: "The interviewer is speaking", hint: cuttingIn(microphone, muted) };
  switch (floor) {
    case "candidate":
      return { mood: "listening", title: "Your turn", hint: hintFor(microphone, muted) };
    case "thinking":
      return { mood: "thinking", title: "The interviewer is thinking", hint: "One moment." };
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
