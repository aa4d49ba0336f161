import type { MicrophoneFault } from "../../audio/microphone";

export type Browser = "chrome" | "edge" | "firefox" | "safari" | "ios" | "android" | "other";

/** Why there is no microphone; `lost`: it was open and was disconnected. */
export type Trouble = MicrophoneFault | "lost";

export interface Advice {
  title: string;
  /** What to do, step by step. */
  steps: string[];
  /** Asking again may help without leaving the page. */
  again: boolean;
}

/** The browser, as far as its permission dialogue differs. */
export function browserOf(userAgent: string): Browser {
  if (/iPhone|iPad|iPod/.test(userAgent)) return "ios";
  if (/Firefox\//.test(userAgent)) return "firefox";
  if (/Android/.test(userAgent)) return "android";
  if (/Edg\//.test(userAgent)) return "edge";
  if (/Chrome\/|Chromium\//.test(userAgent)) return "chrome";
  return /Safari\//.test(userAgent) ? "safari" : "other";
}

const ALLOW: Record<Browser, string[]> = {
  chrome: [
    "In Chrome, click the icon to the left of the address.",
    "Switch Microphone on.",
    "Come back here and try again.",
  ],
  edge: [
    "In Edge, click the padlock to the left of the address.",
    "Open “Permissions for this site” and set Microphone to Allow.",
    "Come back here and try again.",
  ],
  firefox: [
    "In Firefox, click the crossed-out microphone to the left of the address.",
    "Remove the block with the small cross.",
    "Try again, and choose Allow when you are asked.",
  ],
  safari: [
    "In Safari's menu, open Safari, then “Settings for this website”.",
    "Set Microphone to Allow.",
    "Come back here and try again.",
  ],
  ios: [
    "Tap the page icon beside the address, then “Website Settings”.",
    "Set Microphone to Allow. If it is missing there, open the Settings app, your browser, Microphone.",
    "Come back here and try again.",
  ],
  android: [
    "Tap the icon to the left of the address, then Permissions.",
    "Switch Microphone on.",
    "Come back here and try again.",
  ],
  other: [
    "Open your browser's settings for this site and allow the microphone.",
    "Come back here and try again.",
  ],
};

/** The title and the steps for what went wrong. */
export function adviceFor(trouble: Trouble, browser: Browser): Advice {
  switch (trouble) {
    case "refused":
      return { title: "The microphone is blocked", steps: ALLOW[browser], again: true };
    case "missing":
      return {
        title: "No microphone found",
        steps: [
          "Plug one in, or connect your headset.",
          "Check that your system's sound settings list it, then try again.",
        ],
        again: true,
      };
    case "busy":
      return {
        title: "Another app is using the microphone",
        steps: ["Close other calls and recorders, such as Zoom, Teams or Meet.", "Then try again."],
        again: true,
      };
    case "lost":
      return {
        title: "The microphone was disconnected",
        steps: [
          "It was unplugged, or another app is using it.",
          "Connect it, or try again with another one.",
        ],
        again: true,
      };
    case "insecure":
      return {
        title: "This address can't use a microphone",
        steps: [
          "Browsers allow microphones only on secure addresses.",
          "Open this page with https:// in front.",
        ],
        again: false,
      };
    case "unsupported":
      return {
        title: "This browser can't record sound",
        steps: ["Open this page in a current Chrome, Edge, Firefox or Safari."],
        again: false,
      };
    case "failed":
      return {
        title: "The microphone won't start",
        steps: [
          "Unplug it and plug it in again, or choose another one.",
          "If that doesn't help, restart the browser.",
        ],
        again: true,
      };
  }
}
