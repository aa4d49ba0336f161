import { useCallback, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "react";
import { withAppCheck } from "../api/appCheck";
import { type Api, createApi } from "../api/client";
import type { Explanation } from "../api/explanation";
import type { Config } from "../api/shape";
import type { Cv } from "../api/types";
import { openDailyRoom } from "../avatar/open";
import type { OpenRoom } from "../avatar/room";
import { watchErrors } from "../errors/watch";
import { Setup } from "../features/setup/Setup";
import type { ReadCv } from "../features/setup/useCvReading";
import type { Faults } from "../features/setup/validate";
import { browserMedia, type Devices, type MediaAccess, release } from "../media/access";
import { Navigation } from "../navigation/Link";
import { type Navigate, pathOf, type Route, useRoute } from "../navigation/route";
import { forgetChoices } from "../session/choices";
import { clearDraft, type Draft, emptyDraft, loadDraft, saveDraft } from "../session/draft";
import { retakenBy } from "../session/retake";
import type { Session } from "../session/session";
import { createSessionStore, type SessionStore } from "../session/store";
import { exported, imported } from "../session/transfer";
import { CheckPage } from "./CheckPage";
import { ErrorBoundary } from "./ErrorBoundary";
import { NotFoundPage } from "./NotFoundPage";
import { ResultsPage } from "./ResultsPage";
import { RoomPage } from "./RoomPage";
import { Shell } from "./Shell";
import { useDropGuard } from "./useDropGuard";

/** What the page needs from outside; a test brings its own. */
export interface AppProps {
  api?: Api;
  sessions?: SessionStore;
  media?: MediaAccess;
  /** Opens the room of an avatar session; by default Daily's, and no other. */
  openRoom?: OpenRoom;
}

const browserApi = createApi();
const browserSessions = createSessionStore();

/** The whole site: the present page, and what is carried from one page to the next. */
export function App({
  api: plainApi = browserApi,
  sessions = browserSessions,
  media = browserMedia,
  openRoom = openDailyRoom,
}: AppProps) {
  const [route, navigate] = useRoute();
  const config = useConfig(plainApi);
  const appCheck = config?.app_check;
  const api = useMemo(() => (appCheck ? withAppCheck(plainApi, appCheck) : plainApi), [plainApi, appCheck]);
  const [draft, setDraft] = useState<Draft>(loadDraft);
  const [refused, setRefused] = useState<Faults>({});
  /** What was read of a CV, and shown. */
  const [read, setRead] = useState<{ file: File; cv: Cv } | null>(null);
  // The store is no state: what is changed in it on this page is shown by rendering again.
  const [, refresh] = useReducer((count: number) => count + 1, 0);
  const [devices, enter] = useEntered(route, navigate);
  useFocusOnArrival(route.page);
  useDropGuard();

  const dsn = config?.sentry_dsn;
  // With the same commit that shows the site's settings: no error after it is missed.
  useLayoutEffect(() => (dsn ? watchErrors(dsn) : undefined), [dsn]);

  // Once the interview exists, the draft is not stored any more: topic and job description are in the interview.
  const created = useRef(false);
  const change = useCallback((next: Draft) => {
    setDraft(next);
    if (!created.current) saveDraft(next);
  }, []);
  const endDraft = useCallback(() => {
    created.current = true;
    clearDraft();
  }, []);
  const forgetDraft = useCallback(() => {
    clearDraft();
    setDraft(emptyDraft());
    setRead(null);
  }, []);
  const inRoom = route.page === "room";
  useEffect(() => {
    if (inRoom && created.current) forgetDraft();
    if (route.page !== "check") created.current = false;
  }, [inRoom, route.page, forgetDraft]);

  const refuse = useCallback(
    ({ remedy, text }: Explanation) => {
      if (remedy === "retry" || remedy === "setup") return;
      // The refused file is dropped: the candidate chooses another one, or none.
      if (remedy === "cv") setDraft((before) => ({ ...before, cv: null, cv_text: null }));
      setRefused({ [remedy]: text });
      navigate("/");
    },
    [navigate],
  );

  const readCv = useCallback<ReadCv>((file, options) => api.readCv(file, options), [api]);
  const cv = read && read.file === draft.cv ? read.cv : null;

  const startOver = useCallback(() => {
    forgetDraft();
    navigate("/");
  }, [forgetDraft, navigate]);

  function page() {
    switch (route.page) {
      case "setup":
        return (
          <Setup
            draft={draft}
            refused={refused}
            config={config}
            earlier={sessions.all()}
            retaken={retakenBy(draft, sessions)}
            {...{ readCv, cv }}
            onRead={(file, cv) => setRead({ file, cv })}
            onForget={() => {
              for (const { session } of sessions.all()) sessions.remove(session.session_id);
              forgetChoices();
              forgetDraft();
            }}
            history={{
              rename: (id, name) => {
                sessions.rename(id, name);
                refresh();
              },
              forget: (id) => {
                sessions.remove(id);
                refresh();
              },
              file: () => exported(sessions.all()),
              add: (text) => {
                const count = sessions.add(imported(text));
                refresh();
                return count;
              },
            }}
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
            {...{ api, sessions, media, draft, config, navigate }}
            shown={cv?.text ?? null}
            onChange={change}
            onCreated={endDraft}
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
            {...{ api, config, sessions, media, openRoom, navigate }}
            onReady={enter}
            onNew={startOver}
          />
        );
      case "results":
        return (
          <ResultsPage
            key={route.sessionId}
            sessionId={route.sessionId}
            {...{ api, config, sessions }}
            onGone={forgetDraft}
            onNew={startOver}
            onRetake={(again) => {
              change(again);
              navigate(again.retake_question ? "/check" : "/");
            }}
          />
        );
      case "unknown":
        return <NotFoundPage />;
    }
  }

  return (
    <Navigation value={navigate}>
      <Shell page={route.page} config={config}>
        <ErrorBoundary>{page()}</ErrorBoundary>
      </Shell>
    </Navigation>
  );
}

/** The devices that are open in the room; released as soon as the address is no longer the room's. */
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

/** The site's configuration; `null` until it is loaded, and where it can't be. */
function useConfig(api: Api): Config | null {
  const [config, setConfig] = useState<Config | null>(null);
  useEffect(() => {
    const left = new AbortController();
    api.config(left.signal).then(setConfig, () => undefined);
    return () => left.abort();
  }, [api]);
  return config;
}

/** Moves the focus to the heading of a new page when the focused button is gone. */
function useFocusOnArrival(page: string): void {
  const before = useRef(page);
  useEffect(() => {
    if (before.current === page) return;
    before.current = page;
    if (document.activeElement === document.body || document.activeElement === null) {
      // A page that is still loading has no heading yet.
      const target = document.querySelector<HTMLElement>("h1[tabindex]") ?? document.getElementById("main");
      target?.focus({ preventScroll: true });
    }
  }, [page]);
}
