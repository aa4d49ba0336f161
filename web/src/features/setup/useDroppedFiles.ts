import { useEffect, useRef } from "react";

/** Takes files that are dropped anywhere on the page, beside a zone that takes them itself. */
export function useDroppedFiles(take: (files: FileList) => void): void {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    function drop(event: DragEvent): void {
      const files = event.dataTransfer?.files;
      // A zone that has taken them has said so.
      if (!files?.length || event.defaultPrevented) return;
      event.preventDefault();
      latest.current(files);
    }
    // Before the window, where useDropGuard keeps the browser from opening the file.
    document.addEventListener("drop", drop);
    return () => document.removeEventListener("drop", drop);
  }, []);
}
