import { type ComponentType, useEffect, useReducer, useRef, useState } from "react";
import { Loading } from "./Loading";

/** A page whose code is a file of its own. */
export type LaterPage<Props> = ComponentType<Props> & {
  /** Loads the code, so that the page shows at once when it is needed. Rejects when the file can't be loaded. */
  prepare: () => Promise<void>;
};

/**
 * A page whose code is loaded when it is prepared or first shown. Until then it shows the loading screen; when the file can't
 * be loaded, it throws the error to the nearest boundary, which offers a reload.
 */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): LaterPage<Props> {
  let Loaded: ComponentType<Props> | null = null;

  async function prepare(): Promise<void> {
    Loaded ??= await load();
  }

  function Later(props: Props) {
    const [, shown] = useReducer((count: number) => count + 1, 0);
    const [failure, setFailure] = useState<unknown>(null);
    const [waited] = useState(() => Loaded === null);
    /** The focus was on the loading screen: the candidate came from another page. */
    const focused = useRef(false);

    useEffect(() => {
      if (!waited) return;
      let left = false;
      prepare().then(
        () => {
          if (left) return;
          focused.current = document.activeElement?.closest("#main") != null;
          shown();
        },
        (error: unknown) => !left && setFailure(error ?? new Error("a page can't be loaded")),
      );
      return () => {
        left = true;
      };
    }, [waited]);

    const ready = Loaded !== null;
    useEffect(() => {
      if (!ready || !focused.current) return;
      focused.current = false;
      document.querySelector<HTMLElement>("h1[tabindex]")?.focus({ preventScroll: true });
    }, [ready]);

    if (failure) throw failure;
    return Loaded ? (
      <Loaded {...props} />
    ) : (
      <Loading title="One moment" steps={[{ name: "Loading the page" }]} />
    );
  }

  return Object.assign(Later, { prepare });
}
