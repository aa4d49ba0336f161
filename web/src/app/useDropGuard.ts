import { useEffect } from "react";

/** Keeps the browser from opening a file that is dropped on the page in place of the page. Text may be dropped in fields. */
export function useDropGuard(): void {
  useEffect(() => {
    function keep(event: DragEvent): void {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    }
    addEventListener("dragover", keep);
    addEventListener("drop", keep);
    return () => {
      removeEventListener("dragover", keep);
      removeEventListener("drop", keep);
    };
  }, []);
}
