import { useCallback, useEffect, useMemo, useState } from "react";

/** The page of an address. */
export type Route =
  | { page: "setup" }
  | { page: "check" }
  | { page: "room"; sessionId: string }
  | { page: "results"; sessionId: string }
  | { page: "unknown" };

export function parse(path: string): Route {
  const parts = path.split("/").filter(Boolean);
  const [head, id] = parts;
  if (parts.length === 0) return { page: "setup" };
  if (parts.length === 1 && head === "check") return { page: "check" };
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
  }
}

export type Navigate = (path: string, how?: "push" | "replace") => void;

/** The route of the present address, and a function that changes it. */
export function useRoute(): [Route, Navigate] {
  const [path, setPath] = useState(() => window.location.pathname);

  useEffect(() => {
    const follow = () => setPath(window.location.pathname);
    window.addEventListener("popstate", follow);
    return () => window.removeEventListener("popstate", follow);
  }, []);

  const navigate = useCallback<Navigate>((to, how = "push") => {
    if (how === "replace") window.history.replaceState(null, "", to);
    else window.history.pushState(null, "", to);
    // React state, so that it renders together with what the caller sets.
    setPath(window.location.pathname);
    window.scrollTo(0, 0);
  }, []);

  return [useMemo(() => parse(path), [path]), navigate];
}
