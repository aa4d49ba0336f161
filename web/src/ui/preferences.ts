/** Preferences of the person at this browser: how the room looks, and what is read aloud. */

import { useCallback, useState } from "react";

const PREFIX = "interviewer.";

/** A choice between some values, stored in this browser under a name, and a function that changes it. The first is the default. */
export function usePreference<Value extends string>(
  name: string,
  values: readonly [Value, ...Value[]],
): [value: Value, change: (next: Value) => void] {
  const [value, setValue] = useState(() => values.find((each) => each === stored(name)) ?? values[0]);
  const change = useCallback(
    (next: Value) => {
      setValue(next);
      store(name, next);
    },
    [name],
  );
  return [value, change];
}

/** A switch, stored in this browser under a name, and a function that changes it. */
export function useSwitch(name: string, on: boolean): [on: boolean, change: (next: boolean) => void] {
  const [value, change] = usePreference(name, on ? ["on", "off"] : ["off", "on"]);
  return [value === "on", useCallback((next: boolean) => change(next ? "on" : "off"), [change])];
}

function stored(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Without storage it lasts as long as the page.
  }
}
