/** The room's effects on the page around it: focus, scrolling, screen lock, closing. */

import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";

/**
 * Puts the focus on the heading. On a phone it scrolls the page's header away, because the room needs the whole screen.
 */
export function useArrival(): RefObject<HTMLDivElement | null> {
  const room = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!room.current) return;
    const heading = room.current.querySelector("h1");
    if (document.activeElement === document.body) heading?.focus({ preventScroll: true });
    if (window.matchMedia("(min-width: 48rem)").matches) return;
    scrollToTop(room.current);
  }, []);
  return room;
}

/** Below this height the room shows the question first, in pixels where the root font has 16. */
const LOW = 500;

/**
 * Whether little height can be seen: a small screen, a large font, or a keyboard on the screen. The height is in the room's
 * `--visible`. When it becomes low, and when it changes under a person who types, the page scrolls to the room.
 */
export function useLow(room: RefObject<HTMLDivElement | null>): boolean {
  const [height, setHeight] = useState(Number.POSITIVE_INFINITY);
  const [low, setLow] = useState(false);
  const before = useRef(false);
  useLayoutEffect(() => {
    const view = window.visualViewport;
    const measure = () => {
      // Zooming in with two fingers shows a part of the same page.
      const height = view ? view.height * view.scale : window.innerHeight;
      const font = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
      room.current?.style.setProperty("--visible", `${Math.round(height)}px`);
      setHeight(height);
      setLow((height * 16) / font < LOW);
    };
    measure();
    const target = view ?? window;
    target.addEventListener("resize", measure);
    // Another size of the font changes the room's.
    const sized = new ResizeObserver(measure);
    if (room.current) sized.observe(room.current);
    return () => {
      target.removeEventListener("resize", measure);
      sized.disconnect();
    };
  }, [room]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: also when the height changes
  useEffect(() => {
    const typing = document.activeElement instanceof HTMLTextAreaElement;
    if (low && room.current && (typing || !before.current)) scrollToTop(room.current);
    before.current = low;
  }, [low, height, room]);
  return low;
}

function scrollToTop(room: HTMLElement): void {
  window.scrollTo({ top: room.getBoundingClientRect().top + window.scrollY, behavior: "instant" });
}

/** Keeps a phone's screen on: a locked phone records nothing. */
export function useAwake(live: boolean): void {
  useEffect(() => {
    if (!live || !("wakeLock" in navigator)) return;
    let lock: Promise<WakeLockSentinel | undefined> | undefined;
    // The system may refuse when the battery is low, and releases the lock when the page is hidden.
    const ask = () => {
      if (document.visibilityState === "visible") {
        lock = navigator.wakeLock.request("screen").catch(() => undefined);
      }
    };
    ask();
    document.addEventListener("visibilitychange", ask);
    return () => {
      document.removeEventListener("visibilitychange", ask);
      void lock?.then((held) => held?.release());
    };
  }, [live]);
}

/** Asks before the tab is closed while the interview is live. */
export function useWarning(live: boolean): void {
  useEffect(() => {
    if (!live) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [live]);
}
