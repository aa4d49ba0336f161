import { type RefCallback, useCallback, useState } from "react";

/** Layouts round to whole pixels: a difference of one says nothing. */
const ROUNDING = 1;

/** Whether the element is too low for its content, measured again when either changes its size. */
export function useOverflow(): [watch: RefCallback<HTMLElement>, overflows: boolean] {
  const [overflows, setOverflows] = useState(false);
  const watch = useCallback((element: HTMLElement | null) => {
    if (!element) return;
    const measure = () => setOverflows(element.scrollHeight - element.clientHeight > ROUNDING);
    // An element at its greatest height keeps its size when its content grows.
    const sized = new ResizeObserver(measure);
    for (const each of [element, ...element.children]) sized.observe(each);
    return () => sized.disconnect();
  }, []);
  return [watch, overflows];
}
