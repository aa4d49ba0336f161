import { useCallback, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "react";
import { withAppCheck } from "../api/appCheck";
import { type Api, createApi } from "../api/client";
import type { Explanation } from "../api/explanation";
import type { Config } from "../api/shape";
import type { Cv } from "../api/types";
import { openDailyRoom } from "../avatar/open";
import type { OpenRoom } from "../avatar/room";
import { watchErrors } from "../errors/watch";
import { offeredLanguage } from "../features/setup/choices";
import { Hero } from "../features/setup/Hero";
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
import { later } from "./later";
import { NotFoundPage } from "./NotFoundPage";
import { Shell } from "./Shell";
import { useDropGuard } from "./useDropGuard";

const RoomPage = later(async () => (await import("./RoomPage")).RoomPage);
const ResultsPage = later(async () => (await import("./ResultsPage")).ResultsPage);
const Help = later(async () => (await import("../features/info/Help")).Help);
const Privacy = later(async () => (await import("../features/info/Privacy")).Privacy);

/** What the page needs from outside; a test brings its own. */
export interface AppProps {
  api?: Api;
  sessions?: SessionStore;
  media?: MediaAccess;
  /** Opens the room of an avatar session; by default Daily's, and no other. */
  openRoom?: OpenRoom;
  /** The site's configuration, where it is loaded already; otherwise this loads it. */
  configured?: Config | null;
  /** The document shows the first picture already (firstPicture.tsx), and this begins with the same. */
  drawn?: boolean;
}

const browserApi = createApi();
const browserSessions = createSessionStore();

/** The whole site: the present page, and what is carried from one page to the next. */
export function App({
  api: plainApi = browserApi,
  sessions = browserSessions,
  media = browserMedia,
  openRoom = openDailyRoom,
  configured = null,
  drawn = false,
}: AppProps) {
  const [route, navigate, departure] = useRoute();
  const [first, setFirst] = useState(drawn);
  useLayoutEffect(() => setFirst(false), []);
  const config = useConfig(plainApi, configured);
  const appCheck = config?.app_check;
  const api = useMemo(() => (appCheck ? withAppCheck(plainApi, appCheck) : plainApi), [plainApi, appCheck]);
  const [kept, setDraft] = useState<Draft>(loadDraft);
  const language = offeredLanguage(kept.language, config?.languages);
  const draft = useMemo(() => ({ ...kept, language }), [kept, language]);
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
  const shown = first ? null : config;
  const inRoom = route.page === "room";
  useEffect(() => {
    // The next page's code, before the connection is busy. Without it that page loads it, and says so when it can't.
    if (inRoom) ResultsPage.prepare().catch(() => undefined);
  }, [inRoom]);
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
          <>
            <Hero minutes={shown?.interview_minutes ?? null} first={first} />
            {!first && (
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
            )}
          </>
        );
      case "check":
        return (
          <CheckPage
            {...{ api, sessions, media, draft, config, navigate }}
            loadRoom={RoomPage.prepare}
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
            {...{ api, config, sessions, media, openRoom, navigate, departure }}
            onReady={enter}
            onNew={startOver}
          />
        );
      case "results":
        return (
          <ResultsPage
            key={route.sessionId}
            sessionId={route.sessionId}
            {...{ api, config, sessions, navigate }}
            onGone={forgetDraft}
            onNew={startOver}
            onRetake={(again) => {
              change(again);
              navigate(again.retake_question ? "/check" : "/");
            }}
          />
        );
      case "help":
        return <Help config={config} />;
      case "privacy":
        return <Privacy config={config} />;
      case "unknown":
        return <NotFoundPage />;
    }
  }

  return (
    <Navigation value={navigate}>
      <Shell page={route.page} config={shown} first={first}>
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
function useConfig(api: Api, configured: Config | null): Config | null {
  const [config, setConfig] = useState(configured);
  useEffect(() => {
    if (configured) return;
    const left = new AbortController();
    api.config(left.signal).then(setConfig, () => undefined);
    return () => left.abort();
  }, [api, configured]);
  return config;
}

/** Moves the focus to the heading of a new page, when the focused button is gone or the link to it is around the pages. */
function useFocusOnArrival(page: string): void {
  const before = useRef(page);
  useEffect(() => {
    if (before.current === page) return;
    before.current = page;
    const main = document.getElementById("main");
    if (main !== document.activeElement && main?.contains(document.activeElement)) return;
    (document.querySelector<HTMLElement>("h1[tabindex]") ?? main)?.focus({ preventScroll: true });
  }, [page]);
}
