/** The room's effects on the page around it: focus, scrolling, screen lock, closing. */

import { type RefObject, useEffect, useRef } from "react";

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
    window.scrollTo({ top: room.current.getBoundingClientRect().top + window.scrollY, behavior: "instant" });
  }, []);
  return room;
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
