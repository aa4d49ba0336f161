import type { Activity } from "../../figure/pose";
import { badNews, isOver, type Leaving, type Scene } from "../../interview/scene";
import type { Closing } from "../../relay/connection";
import { isResuming, type Note } from "../../relay/state";

/** A problem, and what the candidate can do: connect again, or leave for the summary. */
export interface Problem {
  tone: "warning" | "error";
  title: string;
  text: string;
  /** The label of the button that connects again; none: that does not help, or happens by itself. */
  again?: string;
  /** The reason to leave with; none: there is no summary yet. */
  leave?: { reason: Leaving; label: string };
}

const SUMMARY = { reason: "candidate", label: "End and see the summary" } as const;

const CLOSED: Record<Closing, Problem> = {
  ended: {
    tone: "warning",
    title: "The interview is over",
    text: "The interviewer has ended it. Everything you both said is saved.",
    leave: { reason: "already_ended", label: "See the summary" },
  },
  already_ended: {
    tone: "warning",
    title: "This interview has already ended",
    text: "It was ended in another tab, or its time ran out. Everything you both said is saved.",
    leave: { reason: "already_ended", label: "See the summary" },
  },
  taken_over: {
    tone: "warning",
    title: "The interview continues in another tab",
    text: "It can be open in one tab at a time, and another tab has opened it.",
    again: "Continue here instead",
  },
  suspended: {
    tone: "warning",
    title: "The interview is paused",
    text: "There was no answer for a few minutes. Everything you both said is saved, and nothing is recorded now. The clock keeps running.",
    again: "Resume",
    leave: SUMMARY,
  },
  not_found: {
    tone: "error",
    title: "This interview can't be found",
    text: "It may have been deleted, or this address belongs to someone else.",
    leave: { reason: "not_found", label: "Leave" },
  },
  bad_message: {
    tone: "error",
    title: "The page and the server don't understand each other",
    text: "That is our fault, not yours. Your answers so far are saved.",
    again: "Try again",
    leave: SUMMARY,
  },
  unreachable: {
    tone: "error",
    title: "We can't reach the interviewer",
    text: "Check your internet connection. Your answers so far are saved.",
    again: "Try again",
    leave: SUMMARY,
  },
  faulty: {
    tone: "error",
    title: "The connection keeps breaking",
    text: "Something isn't working on our side. Your answers so far are saved. Try again in a moment.",
    again: "Try again",
    leave: SUMMARY,
  },
};

/** What is wrong with the connection, or with the way the interview ended; `null`: nothing. */
export function connectionProblem(scene: Pick<Scene, "link" | "begun" | "ending" | "notes">): Problem | null {
  const { link, begun, ending } = scene;
  if (ending) return badNews(scene) ? badEnd(ending) : null;
  if (link.state === "closed") return CLOSED[link.why];
  if (isAtLimit(scene)) return AT_LIMIT;
  if (link.state !== "reconnecting" || link.quiet) return null;
  if (link.busy) {
    return {
      tone: "warning",
      title: "All interviewers are busy",
      text: `We try again every few seconds. Your interview ${begun ? "continues" : "starts"} as soon as one is free.`,
    };
  }
  return begun
    ? {
        tone: "warning",
        title: "Connection lost",
        text: "We're reconnecting. Everything you said so far is saved. Wait a moment before you go on.",
        again: "Try again",
      }
    : {
        tone: "warning",
        title: "The interviewer isn't answering yet",
        text: "We'll keep trying. If this goes on, check your internet connection.",
        again: "Try again",
      };
}

const AT_LIMIT: Problem = {
  tone: "warning",
  title: "The interviewer's service has reached its limit",
  text: "We'll keep trying. Everything you said so far is saved. Wait a moment before you go on.",
};

/** The language model has no quota or capacity left, and the relay asks again. */
function isAtLimit({ link, notes }: Pick<Scene, "link" | "notes">): boolean {
  return link.state === "open" && notes.some((note) => note.code !== "resuming" && isResuming(note));
}

function badEnd(ending: NonNullable<Scene["ending"]>): Problem {
  const leave = { reason: ending, label: "See the summary" };
  return ending === "failed"
    ? {
        tone: "error",
        title: "The interview can't continue",
        text: "Everything you both said is saved.",
        leave,
      }
    : { tone: "warning", title: "The interview is over", text: "There is one thing you should know:", leave };
}

/** The one line about the video, and the label of the button that brings it back; `null`: nothing is wrong. */
export function videoProblem({
  avatar,
  notes,
  ...scene
}: VideoScene): { text: string; bring?: string } | null {
  const failed = avatar.is === "failed";
  if (isOver(scene) || avatar.is === "connected" || avatar.is === "off" || avatar.is === "none") return null;
  const text = (failed && avatar.message) || notes.find(({ code }) => code === "avatar_lost")?.message;
  if (failed) {
    return {
      text: text ?? "Video is off. The interview continues by voice.",
      ...(avatar.retryable ? { bring: "Bring the video back" } : {}),
    };
  }
  return text ? { text } : null;
}

type VideoScene = Pick<Scene, "avatar" | "notes" | "ending" | "endingAsked" | "link">;

/** Whether a note is shown until its cause is gone, and not only for a while. */
export function stays({ code }: Note): boolean {
  return (
    code === "resuming" || code === "idle" || code === "record_incomplete" || /^(model|store)_/.test(code)
  );
}

/** The relay's notices that say the same as the problem with a closed connection. */
const SAID: Partial<Record<Closing, string>> = {
  taken_over: "superseded",
  already_ended: "already_ended",
  ended: "already_ended",
  bad_message: "bad_message",
};

/** The notes to list, without those that are shown elsewhere in the room. */
export function listed(scene: Pick<Scene, "link" | "notes" | "ending">): Note[] {
  const elsewhere = (note: Note) =>
    note.code === "avatar_lost" ||
    note.code === "suspended" ||
    (scene.link.state === "closed" && note.code === SAID[scene.link.why]) ||
    (note.code === "idle" && isClosing(scene)) ||
    (!scene.ending && isAtLimit(scene) && isResuming(note));
  return scene.notes.filter((note) => !elsewhere(note));
}

function isClosing({ link, ending }: Pick<Scene, "link" | "ending">): boolean {
  return ending !== null || link.state === "closed";
}

/** The status line under the interviewer, and what the figure does. */
export function presence(
  scene: Scene,
  sounding: boolean,
): { activity: Activity; title: string; hint: string } {
  const { link, begun, turns, floor, hearing, microphone, muted, holding, ending, endingAsked, clock } =
    scene;
  if (badNews(scene)) return { activity: "away", title: "The interview has ended", hint: "See above." };
  if (ending || endingAsked)
    return { activity: "listening", title: "The interview is ending", hint: "One moment." };
  if (link.state === "closed" && link.why === "suspended")
    return { activity: "waiting", title: "Paused", hint: "The clock keeps running." };
  if (link.state === "closed")
    return { activity: "away", title: "Not connected", hint: "See above for what you can do." };
  if ((link.state === "reconnecting" && begun && !link.quiet) || isAtLimit(scene))
    return { activity: "away", title: "Reconnecting…", hint: "What you said is saved." };
  if (!begun || link.state === "connecting")
    return { activity: "thinking", title: "Connecting", hint: "The interviewer is joining." };
  if (hearing === "speech" && !sounding && floor !== "interviewer")
    return { activity: "listening", title: "Listening", hint: "The interviewer can hear you." };
  if (hearing === "writing" && !sounding && floor !== "interviewer")
    return { activity: "listening", title: "Writing down what you said", hint: "One moment." };
  if (holding || floor === "thinking")
    return {
      activity: "waiting",
      title: "Take your time.",
      hint: clock?.paused ? "It's your turn. The clock is stopped." : "It's your turn. The clock is running.",
    };
  if (sounding)
    return {
      activity: "speaking",
      title: "The interviewer is speaking",
      hint: interruptHint(microphone, muted),
    };
  switch (floor) {
    case "candidate":
      return { activity: "listening", title: "Your turn", hint: answerHint(microphone, muted) };
    case "interviewer":
      return {
        activity: "speaking",
        title: "The interviewer is speaking",
        hint: interruptHint(microphone, muted),
      };
    default:
      return {
        activity: "listening",
        title: "Connected",
        hint: turns.length > 0 ? "The interview continues." : "The interviewer is about to greet you.",
      };
  }
}

function interruptHint(microphone: Scene["microphone"], muted: boolean): string {
  return microphone === "open" && !muted ? "Listen, or speak to interrupt." : "Listen, or type to interrupt.";
}

function answerHint(microphone: Scene["microphone"], muted: boolean): string {
  if (microphone !== "open") return "Type your answer.";
  return muted ? "You are muted: unmute, or type." : "Speak, or type your answer.";
}
