import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

export interface Typing {
  /** The text field is shown where there is no room for it all the time. */
  shown: boolean;
  field: RefObject<HTMLTextAreaElement | null>;
  /** Shows the field and puts the focus into it, or folds it away. */
  show: (on: boolean) => void;
}

/** The text field for typed answers. `needed`: the candidate has no microphone. */
export function useTyping(needed: boolean): Typing {
  const [shown, setShown] = useState(needed);
  const field = useRef<HTMLTextAreaElement>(null);
  const asked = useRef(false);

  useEffect(() => {
    if (needed) setShown(true);
  }, [needed]);

  useEffect(() => {
    if (shown && asked.current) field.current?.focus();
    asked.current = false;
  }, [shown]);

  const show = useCallback((on: boolean) => {
    asked.current = on;
    setShown(on);
    // Where it is shown already, nothing changes that would move the focus.
    if (on) field.current?.focus();
  }, []);
  return { shown, field, show };
}
