import { useCallback, useEffect, useState } from "react";

const KEY = "interviewer.shortcuts";

/** Whether single keys are shortcuts, stored in this browser, and a function that changes it. */
export function useShortcuts(): [on: boolean, change: (on: boolean) => void] {
  const [on, setOn] = useState(remembered);
  const change = useCallback((next: boolean) => {
    setOn(next);
    try {
      localStorage.setItem(KEY, next ? "on" : "off");
    } catch {
      // Without storage it lasts as long as the page.
    }
  }, []);
  return [on, change];
}

function remembered(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

/** Calls `act` when the key of a letter is pressed alone, except in a text field. */
export function useShortcut(letter: string, active: boolean, act: () => void): void {
  useEffect(() => {
    if (!active) return;
    const pressed = (event: KeyboardEvent) => {
      const { target, key } = event;
      if (key.toLowerCase() !== letter || event.repeat || event.ctrlKey || event.metaKey || event.altKey)
        return;
      if (target instanceof Element && target.closest("input, textarea, select, dialog, [contenteditable]"))
        return;
      act();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [letter, active, act]);
}
