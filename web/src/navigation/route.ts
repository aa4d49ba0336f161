import { useCallback, useEffect, useMemo, useRef, useState } from "react";

/** The page of an address. */
export type Route =
  | { page: "setup" }
  | { page: "check" }
  | { page: "room"; sessionId: string }
  | { page: "results"; sessionId: string }
  | { page: "help" }
  | { page: "privacy" }
  | { page: "unknown" };

export function parse(path: string): Route {
  const parts = path.split("/").filter(Boolean);
  const [head, id] = parts;
  if (parts.length === 0) return { page: "setup" };
  if (parts.length === 1 && head === "check") return { page: "check" };
  if (parts.length === 1 && head === "help") return { page: "help" };
  if (parts.length === 1 && head === "privacy") return { page: "privacy" };
  if (parts.length === 2 && id && head === "interview") return { page: "room", sessionId: id };
  if (parts.length === 2 && id && head === "results") return { page: "results", sessionId: id };
  return { page: "unknown" };
}

export function pathOf(route: Exclude<Route, { page: "unknown" }>): string {
  switch (route.page) {
    case "setup":
      return "/";
    case "check":
      return "/check";
    case "room":
      return `/interview/${route.sessionId}`;
    case "results":
      return `/results/${route.sessionId}`;
    case "help":
      return "/help";
    case "privacy":
      return "/privacy";
  }
}

export type Navigate = (path: string, how?: "push" | "replace") => void;

/** The browser's Back and Forward, while a page must not be left without a question. */
export interface Departure {
  /** Back or Forward was pressed while the page was held. The address is the page's own again. */
  asked: boolean;
  /** Holds the page, until it is called with `false`. */
  hold: (on: boolean) => void;
  stay: () => void;
  /** Goes where Back or Forward would have gone. */
  leave: () => void;
}

/** The route of the present address, a function that changes it, and what asks before the page is left. */
export function useRoute(): [Route, Navigate, Departure] {
  const [path, setPath] = useState(() => window.location.pathname);
  const [wanted, setWanted] = useState<number | null>(null);
  const shown = useRef(path);
  const held = useRef(false);
  /** Which entry of the history is shown; each entry has its number. */
  const entry = useRef(0);

  const show = useCallback((number: number) => {
    entry.current = number;
    // React state, so that it renders together with what the caller sets.
    shown.current = window.location.pathname;
    setPath(shown.current);
  }, []);

  useEffect(() => {
    /** The number of the present entry. The first one, and those of links to a place in the page, get theirs here. */
    const number = (otherwise: number) => {
      const found = numberOf(window.history.state);
      if (found === null) window.history.replaceState({ entry: otherwise }, "");
      return found ?? otherwise;
    };
    entry.current = number(0);
    const follow = () => {
      const next = number(entry.current + 1);
      const steps = next - entry.current;
      if (!held.current || window.location.pathname === shown.current || steps === 0) return show(next);
      setWanted(steps);
      window.history.go(-steps);
    };
    window.addEventListener("popstate", follow);
    return () => window.removeEventListener("popstate", follow);
  }, [show]);

  const navigate = useCallback<Navigate>(
    (to, how = "push") => {
      const number = how === "replace" ? entry.current : entry.current + 1;
      if (how === "replace") window.history.replaceState({ entry: number }, "", to);
      else window.history.pushState({ entry: number }, "", to);
      show(number);
      window.scrollTo(0, 0);
    },
    [show],
  );

  const hold = useCallback((on: boolean) => {
    held.current = on;
    if (!on) setWanted(null);
  }, []);

  const departure = useMemo<Departure>(
    () => ({
      asked: wanted !== null,
      hold,
      stay: () => setWanted(null),
      leave: () => {
        held.current = false;
        setWanted(null);
        if (wanted !== null) window.history.go(wanted);
      },
    }),
    [wanted, hold],
  );

  return [useMemo(() => parse(path), [path]), navigate, departure];
}

function numberOf(state: unknown): number | null {
  const entry = (state as { entry?: unknown } | null)?.entry;
  return typeof entry === "number" ? entry : null;
}
