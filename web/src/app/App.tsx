import { useCallback, useEffect, useRef, useState } from "react";
import { type Api, createApi } from "../api/client";
import type { Config } from "../api/shape";
import type { StartRequest } from "../api/types";
import type { Words } from "../api/words";
import { Setup } from "../features/setup/Setup";
import type { Faults } from "../features/setup/validate";
import { browserDoors, type Devices, type Doors, release } from "../media/access";
import { Navigation } from "../navigation/Link";
import { type Navigate, pathOf, type Route, useRoute } from "../navigation/route";
import { clearDraft, EMPTY, loadDraft, saveDraft } from "../session/draft";
import type { Session } from "../session/session";
import { createShelf, type Shelf } from "../session/store";
import { CheckPage } from "./CheckPage";
import { Guard } from "./ErrorBoundary";
import { LostPage } from "./NotFoundPage";
import { ResultsPage } from "./ResultsPage";
import { RoomPage } from "./RoomPage";
import { Shell } from "./Shell";

/** What the page needs of the world; a test brings its own. */
export interface AppProps {
  api?: Api;
  shelf?: Shelf;
  doors?: Doors;
}

const browserApi = createApi();
const browserShelf = createShelf();

/** The whole page: where one is, and what is carried from one page to the next. */
export function App({ api = browserApi, shelf = browserShelf, doors = browserDoors }: AppProps) {
  const [route, navigate] = useRoute();
  const config = useConfig(api);
  const [draft, setDraft] = useState<StartRequest>(loadDraft);
  const [refused, setRefused] = useState<Faults>({});
  const [devices, enter] = useEntered(route, navigate);
  useFocusOnArrival(route.page);

  const change = useCallback((next: StartRequest) => {
    setDraft(next);
    saveDraft(next);
  }, []);

  const refuse = useCallback(
    ({ way, text }: Words) => {
      if (way !== "cv" && way !== "topic" && way !== "job") return;
      // The file stays out: whoever comes back chooses another one, or goes on without.
      if (way === "cv") setDraft((before) => ({ ...before, cv: null }));
      setRefused({ [way]: text });
      navigate("/");
    },
    [navigate],
  );

  const startAnew = useCallback(() => {
    clearDraft();
    setDraft(EMPTY);
    navigate("/");
  }, [navigate]);

  function page() {
    switch (route.page) {
      case "setup":
        return (
          <Setup
            draft={draft}
            refused={refused}
            config={config}
            earlier={shelf.all()}
            onChange={change}
            onStart={() => {
              setRefused({});
              navigate("/check");
            }}
          />
        );
      case "check":
        return (
          <CheckPage
            {...{ api, shelf, doors, draft, config, navigate }}
            onChange={change}
            onReady={enter}
            onRefused={refuse}
          />
        );
      case "room":
        return (
          <RoomPage
            key={route.sessionId}
            sessionId={route.sessionId}
            devices={devices}
            {...{ api, config, shelf, doors, navigate }}
            onReady={enter}
            onNew={startAnew}
          />
        );
      case "results":
        return (
          <ResultsPage
            key={route.sessionId}
            sessionId={route.sessionId}
            {...{ api, config, shelf }}
            onNew={startAnew}
          />
        );
      case "unknown":
        return <LostPage />;
    }
  }

  return (
    <Navigation value={navigate}>
      <Shell page={route.page} config={config}>
        <Guard>{page()}</Guard>
      </Shell>
    </Navigation>
  );
}

/** The devices that were taken into the room; let go of as soon as the room is left, by whatever door. */
function useEntered(route: Route, navigate: Navigate) {
  const [entered, setEntered] = useState<{ sessionId: string; devices: Devices } | null>(null);
  const here = route.page === "room" ? route.sessionId : null;

  useEffect(() => {
    if (!entered || entered.sessionId === here) return;
    release(entered.devices);
    setEntered(null);
  }, [entered, here]);

  const enter = useCallback(
    ({ session_id }: Session, devices: Devices) => {
      setEntered({ sessionId: session_id, devices });
      navigate(pathOf({ page: "room", sessionId: session_id }), "replace");
    },
    [navigate],
  );

  return [entered?.sessionId === here ? (entered?.devices ?? null) : null, enter] as const;
}

/** What the host says about itself; null until it has, and where it does not. */
function useConfig(api: Api): Config | null {
  const [config, setConfig] = useState<Config | null>(null);
  useEffect(() => {
    const left = new AbortController();
    api.config(left.signal).then(setConfig, () => undefined);
    return () => left.abort();
  }, [api]);
  return config;
}

/** Whoever moves on to another page finds the focus at its heading, not on a button that is no more. */
function useFocusOnArrival(page: string): void {
  const before = useRef(page);
  useEffect(() => {
    if (before.current === page) return;
    before.current = page;
    if (document.activeElement === document.body || document.activeElement === null) {
      // A page that is still getting ready has no heading yet.
      const target = document.querySelector<HTMLElement>("h1[tabindex]") ?? document.getElementById("main");
      target?.focus({ preventScroll: true });
    }
  }, [page]);
}
