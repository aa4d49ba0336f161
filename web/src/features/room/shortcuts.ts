import { useEffect } from "react";

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
