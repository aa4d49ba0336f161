import type { ServerResponse } from "node:http";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApi } from "../api/client";
import { EMPTY, saveDraft } from "../session/draft";
import { createSessionStore, type SessionStore } from "../session/store";
import { faults } from "../testing/axe";
import { TestMedia } from "../testing/media";
import { READY, TestRelay } from "../testing/relay";
import { ENDED, pdf, RECORD, SESSION, STARTED, TRANSCRIPT } from "../testing/samples";
import { moveTo, type Seen, sendJson, serve, type TestServer } from "../testing/server";
import { App } from "./App";

let server: TestServer;
let sessions: SessionStore;
let media: TestMedia;
/** How the server answers, by method and path; a test changes what it is about. */
let routes: Record<string, (answer: ServerResponse, seen: Seen) => void>;

beforeEach(async () => {
  routes = {
    "GET /config.json": (answer) =>
      sendJson(answer, 200, { interviewer: "embedded", retention_days: 3, interview_minutes: 20 }),
    "POST /api/interview/start": (answer) => sendJson(answer, 201, STARTED),
    "POST /api/interview/s-1/end": (answer) => sendJson(answer, 200, ENDED),
    "GET /api/interview/s-1": (answer) => sendJson(answer, 200, RECORD),
    "GET /api/interview/s-1/transcript?format=json": (answer) => sendJson(answer, 200, TRANSCRIPT),
    "DELETE /api/interview/s-1": (answer) =>
      sendJson(answer, 200, { session_id: "s-1", deleted: { store: { interview: 1, turns: 2 }, files: [] } }),
  };
  server = await serve((seen, answer) => {
    const route = routes[`${seen.method} ${seen.path}`];
    if (route) route(answer, seen);
    else sendJson(answer, 404, { code: "not_found" });
  });
  sessions = createSessionStore(localStorage);
  media = new TestMedia();
});

afterEach(() => server.close());

function open(path: string) {
  moveTo(server.origin + path);
  return render(<App api={createApi(server.origin)} sessions={sessions} media={media} />);
}

const calls = (what: string) => server.seen.filter(({ method, path }) => `${method} ${path}` === what);
const click = (name: string | RegExp) => userEvent.click(screen.getByRole("button", { name }));

describe("from set-up to the room", () => {
  it("creates nothing before Begin, then stores the session", async () => {
    open("/");
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Tidal energy");
    await click("Start");
    expect(window.location.pathname).toBe("/check");
    await waitFor(() => expect(document.activeElement?.tagName).toBe("H1"));
    expect(calls("POST /api/interview/start")).toHaveLength(0);
    await click("Begin, typing my answers");
    await waitFor(() => expect(window.location.pathname).toBe("/interview/s-1"));
    expect(sessions.find("s-1")).toMatchObject({ ended: false, session: { skill_topic: "Tidal energy" } });
  });

  it("keeps what was typed until the interview exists, and not after", async () => {
    routes["GET /config.json"] = (answer) => sendJson(answer, 200, { interviewer: "gemini", avatar: true });
    const typed = () => JSON.stringify(sessionStorage);
    open("/");
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Tidal energy");
    await click("Start");
    expect(typed()).toContain("Tidal energy");
    let stored = "";
    routes["GET /health"] = (answer) => {
      stored = typed();
      sendJson(answer, 200, { status: "ok", live: 0 });
    };
    const here = `ws://${new URL(server.origin).host}/api/interview/s-1/stream`;
    routes["POST /api/interview/start"] = (answer) =>
      sendJson(answer, 201, { ...STARTED, stream_url: here, stream_urls: [here, `${here}?`] });
    await click("Begin, typing my answers");
    await waitFor(() => expect(window.location.pathname).toBe("/interview/s-1"), { timeout: 4000 });
    expect(stored).not.toContain("Tidal energy");
    expect(typed()).not.toContain("Tidal energy");
    cleanup();
    open("/");
    expect(screen.getByLabelText<HTMLTextAreaElement>(/What should we talk about/).value).toBe("");
  });

  it("forgets the interviews of this computer and what was typed, after asking", async () => {
    sessions.save(SESSION);
    sessions.save({ ...SESSION, session_id: "s-2" });
    localStorage.setItem("interviewer.microphone", "second");
    open("/");
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Rotor blades");
    await click("Forget on this computer");
    expect(screen.getByText(/This removes 2 interviews/)).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Keep them" }));
    expect(await faults()).toEqual([]);
    await click("Keep them");
    expect(sessions.all()).toHaveLength(2);
    await click("Forget on this computer");
    await click("Forget them now");
    expect(screen.queryByText("Your interviews in this browser")).toBeNull();
    expect(screen.getByLabelText<HTMLTextAreaElement>(/What should we talk about/).value).toBe("");
    expect(Object.keys(localStorage)).toEqual(["interviewer.microphone"]);
    expect(JSON.stringify(sessionStorage)).not.toContain("Rotor blades");
    expect(calls("DELETE /api/interview/s-1")).toHaveLength(0);
  });

  it("removes what was typed with the deletion of an interview", async () => {
    sessions.save(SESSION);
    sessions.markEnded("s-1");
    saveDraft({ ...EMPTY, skill_topic: "Rotor blades" });
    open("/results/s-1");
    await userEvent.click(await screen.findByRole("button", { name: "Delete everything" }));
    await click("Delete everything now");
    await screen.findByText("Everything is deleted");
    await waitFor(() => expect(JSON.stringify(sessionStorage)).not.toContain("Rotor blades"));
    expect(JSON.stringify(localStorage)).not.toContain("token-1");
  });

  it("says when to come back when all places are taken", async () => {
    const detail = "Today's interviews are used up. Come back after 00:00 UTC (in 3 hours).";
    routes["POST /api/interview/start"] = (answer) =>
      sendJson(answer, 429, { code: "at_capacity", title: "Busy", detail });
    open("/");
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Tidal energy");
    await click("Start");
    await click("Begin, typing my answers");
    await screen.findByText(`${detail} Everything you typed is still here.`);
    expect(window.location.pathname).toBe("/check");
  });

  it("asks for the start code after a refusal, and sends it with the invite of the address", async () => {
    routes["POST /api/interview/start"] = (answer, seen) =>
      seen.body.includes("class-7")
        ? sendJson(answer, 201, STARTED)
        : sendJson(answer, 403, { code: "start_code", title: "No", detail: "A start code is needed here." });
    open("/#invite=friend");
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Tidal energy");
    await click("Start");
    await click("Begin, typing my answers");
    await userEvent.type(await screen.findByLabelText("Start code"), "class-7");
    await click("Start");
    await click("Begin, typing my answers");
    await waitFor(() => expect(window.location.pathname).toBe("/interview/s-1"));
    expect(calls("POST /api/interview/start").map(({ body }) => body.includes("friend"))).toEqual([
      true,
      true,
    ]);
  });

  it("sends the candidate's choice of video or voice, and mentions no video where the site has none", async () => {
    open("/");
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Tidal energy");
    await click("Start");
    expect(screen.queryByRole("radio", { name: "Voice only" })).toBeNull();
    cleanup();
    routes["GET /config.json"] = (answer) => sendJson(answer, 200, { interviewer: "gemini", avatar: true });
    open("/check");
    await screen.findByRole("radio", { name: "With video" });
    expect(await faults()).toEqual([]);
    await userEvent.click(screen.getByRole("radio", { name: "Voice only" }));
    await click("Begin, typing my answers");
    await waitFor(() => expect(sessions.find("s-1")?.session.output).toBe("voice"));
    expect(calls("POST /api/interview/start")[0]?.body).toMatch(/name="output"\s+voice/);
  });

  it("stores the nearest of several relays", async () => {
    const stream = (host: string) => `ws://${host}/api/interview/s-1/stream`;
    const [away, here] = [stream("127.0.0.1:1"), stream(new URL(server.origin).host)];
    routes["GET /health"] = (answer) => sendJson(answer, 200, { status: "ok", live: 0 });
    routes["POST /api/interview/start"] = (answer) =>
      sendJson(answer, 201, { ...STARTED, stream_url: away, stream_urls: [away, here] });
    open("/");
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Tidal energy");
    await click("Start");
    await click("Begin, typing my answers");
    await waitFor(() => expect(window.location.pathname).toBe("/interview/s-1"), { timeout: 4000 });
    expect(sessions.find("s-1")?.session).toMatchObject({ stream_url: here, stream_urls: [away, here] });
  });

  const CV = {
    filename: "cv.pdf",
    pages: 1,
    characters: 12,
    truncated: false,
    warning: null,
    text: "Ada Lovelace",
  };
  const READ = "POST /api/interview/read-cv";

  async function choose() {
    open("/");
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Tidal energy");
    await userEvent.upload(screen.getByLabelText("Choose your CV"), pdf("cv.pdf"));
    await screen.findByText("cv.pdf");
  }

  async function begin() {
    await click("Start");
    await click("Begin, typing my answers");
  }

  it("starts with the corrected text of the CV, and stores none of it in the browser", async () => {
    routes[READ] = (answer) => sendJson(answer, 200, { cv: CV });
    routes["POST /api/interview/start"] = (answer) =>
      sendJson(answer, 201, { ...STARTED, cv: { ...CV, text: "Ada Lovelace, engineer" } });
    await choose();
    await userEvent.type(await screen.findByLabelText("Text of cv.pdf"), " , engineer");
    await begin();
    await waitFor(() => expect(window.location.pathname).toBe("/interview/s-1"));
    expect(calls(READ)).toHaveLength(1);
    expect(calls("POST /api/interview/start")[0]?.body).toMatch(/name="cv_text"\s+Ada Lovelace , engineer/);
    expect(sessions.find("s-1")?.session.cv).toMatchObject({ filename: "cv.pdf" });
    expect(JSON.stringify([localStorage, sessionStorage])).not.toContain("Lovelace");
  });

  it("keeps the text and its changes on the way to the check and back, without another reading", async () => {
    routes[READ] = (answer) => sendJson(answer, 200, { cv: CV });
    await choose();
    await userEvent.type(await screen.findByLabelText("Text of cv.pdf"), "!");
    await click("Start");
    await userEvent.click(screen.getByRole("link", { name: "Back to the set-up" }));
    expect((await screen.findByLabelText<HTMLTextAreaElement>("Text of cv.pdf")).value).toBe("Ada Lovelace!");
    expect(calls(READ)).toHaveLength(1);
  });

  it("begins at once with a text that was shown, and sends no text back", async () => {
    routes[READ] = (answer) => sendJson(answer, 200, { cv: CV });
    routes["POST /api/interview/start"] = (answer) => sendJson(answer, 201, { ...STARTED, cv: CV });
    await choose();
    await screen.findByLabelText("Text of cv.pdf");
    await begin();
    await waitFor(() => expect(window.location.pathname).toBe("/interview/s-1"));
    expect(calls("POST /api/interview/start")[0]?.body).not.toContain("cv_text");
  });

  it("shows a text that the set-up could not show before the interview begins, and sends its correction", async () => {
    const path = "PUT /api/interview/s-1/cv-text";
    routes[READ] = (answer) =>
      sendJson(answer, 200, { cv: { ...CV, text: "", warnings: ["It is a scan."] } });
    routes["POST /api/interview/start"] = (answer) => sendJson(answer, 201, { ...STARTED, cv: CV });
    routes[path] = (answer, seen) => sendJson(answer, 200, { cv: { ...CV, ...JSON.parse(seen.body) } });
    await choose();
    await screen.findByText("It is a scan.");
    await begin();
    await userEvent.type(await screen.findByLabelText("Text of cv.pdf"), ", engineer");
    expect(await faults()).toEqual([]);
    await click("Continue, typing my answers");
    await waitFor(() => expect(window.location.pathname).toBe("/interview/s-1"));
    expect(calls(path).map(({ body }) => JSON.parse(body))).toEqual([{ text: "Ada Lovelace, engineer" }]);
    expect(calls("POST /api/interview/start")).toHaveLength(1);
    expect(JSON.stringify(localStorage)).not.toContain("Ada Lovelace");
  });

  it("returns to the text when the server refuses it", async () => {
    routes[READ] = (answer) => sendJson(answer, 200, { cv: CV });
    routes["POST /api/interview/start"] = (answer) =>
      sendJson(answer, 422, { code: "invalid_cv_text", field: "cv_text", title: "x", detail: "Too long." });
    await choose();
    await userEvent.type(await screen.findByLabelText("Text of cv.pdf"), "!");
    await begin();
    await screen.findByText("Too long.");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Text of cv.pdf")));
    expect(screen.getByLabelText<HTMLTextAreaElement>("Text of cv.pdf").value).toBe("Ada Lovelace!");
  });

  it("returns to the form when the CV can't be read, and keeps what was typed", async () => {
    routes["POST /api/interview/start"] = (answer) =>
      sendJson(answer, 422, {
        code: "cv_scanned",
        title: "The CV can't be read",
        detail: "This CV is a scan.",
      });
    open("/");
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Tidal energy");
    await userEvent.click(screen.getByRole("radio", { name: "Advanced" }));
    await userEvent.upload(screen.getByLabelText("Choose your CV"), pdf("scan.pdf"));
    await screen.findByText("scan.pdf");
    await click("Start");
    await click("Begin, typing my answers");
    await screen.findByText("This CV is a scan.");
    expect(window.location.pathname).toBe("/");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Choose your CV")));
    expect(screen.getByLabelText<HTMLTextAreaElement>(/What should we talk about/).value).toBe(
      "Tidal energy",
    );
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "Advanced" }).checked).toBe(true);
    expect(screen.queryByText("scan.pdf")).toBeNull();
  });

  it("practises again with the form filled in, and names the earlier interview at the start", async () => {
    const cv = { ...CV, filename: "ada.pdf" };
    routes["GET /api/interview/s-1"] = (answer) =>
      sendJson(answer, 200, { ...RECORD, job_description: "Build turbines", cv });
    routes["POST /api/interview/start"] = (answer) =>
      sendJson(answer, 201, { ...STARTED, session_id: "s-2", session_token: "token-2", cv });
    sessions.save({ ...SESSION, cv });
    sessions.markEnded("s-1");
    open("/results/s-1");
    await screen.findByText("20 November 2026");
    await userEvent.click(await screen.findByRole("button", { name: "Practise again" }));
    expect(window.location.pathname).toBe("/");
    expect(screen.getByLabelText<HTMLTextAreaElement>(/What should we talk about/).value).toBe(
      "Tidal energy",
    );
    screen.getByText(/Your CV of then, ada\.pdf, is used unless you choose another one/);
    expect(JSON.stringify(sessionStorage)).not.toContain("token-1");
    expect(await faults()).toEqual([]);
    await begin();
    // Its CV has been seen, and is not shown again.
    await waitFor(() => expect(window.location.pathname).toBe("/interview/s-2"));
    const body = calls("POST /api/interview/start")[0]?.body;
    expect(body).toMatch(/name="retake_session_id"\s+s-1/);
    expect(body).toMatch(/name="retake_token"\s+token-1/);
    expect(body).toMatch(/name="job_description"\s+Build turbines/);
    expect(body).toMatch(/name="level"\s+advanced/);
  });

  it("begins a new interview where the topic has changed, and says so", async () => {
    sessions.save(SESSION);
    saveDraft({ ...EMPTY, skill_topic: "Tidal energy", level: "advanced", retake_of: "s-1" });
    open("/");
    screen.getByText(/other questions on the same topic and level/);
    await userEvent.type(screen.getByLabelText(/What should we talk about/), " and wind");
    screen.getByText(/This will be a new interview/);
    await begin();
    await waitFor(() => expect(window.location.pathname).toBe("/interview/s-1"));
    expect(calls("POST /api/interview/start")[0]?.body).not.toContain("retake");
  });

  it("starts a new interview instead of a retake at a click", async () => {
    sessions.save(SESSION);
    saveDraft({ ...EMPTY, skill_topic: "Tidal energy", level: "advanced", retake_of: "s-1" });
    open("/");
    await click("Start a new interview instead");
    expect(screen.queryByText("Practise again")).toBeNull();
    const topic = screen.getByLabelText<HTMLTextAreaElement>(/What should we talk about/);
    expect([topic.value, document.activeElement]).toEqual(["Tidal energy", topic]);
  });

  it("says that the interview to retake is gone, and begins a new one at the next click", async () => {
    routes["POST /api/interview/start"] = (answer, { body }) =>
      body.includes("retake_token")
        ? sendJson(answer, 404, { code: "not_found" })
        : sendJson(answer, 201, { ...STARTED, session_id: "s-2" });
    sessions.save(SESSION);
    saveDraft({ ...EMPTY, skill_topic: "Tidal energy", level: "advanced", retake_of: "s-1" });
    open("/");
    await begin();
    await screen.findByText("Your earlier interview is gone");
    await click("Begin, typing my answers");
    await waitFor(() => expect(window.location.pathname).toBe("/interview/s-2"));
  });

  it("redirects a check without a topic to the set-up", async () => {
    open("/check");
    await screen.findByRole("button", { name: "Start" });
    expect(window.location.pathname).toBe("/");
  });

  it("shows who asks the questions", async () => {
    open("/");
    await screen.findByText("Practice interviewer on this machine.");
  });
});

describe("the devices of the room", () => {
  let relay: TestRelay;

  beforeEach(async () => {
    relay = await TestRelay.listen();
    media.hasCamera = true;
    routes["POST /api/interview/start"] = (answer) =>
      sendJson(answer, 201, { ...STARTED, stream_url: relay.url });
  });

  afterEach(() => relay.close());

  /** In the room, with microphone, camera and sound open. */
  async function enter() {
    open("/");
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Tidal energy");
    await click("Start");
    await click("Turn on the microphone");
    await screen.findByText(/Say a few words/);
    await click("Turn on the camera");
    await waitFor(() => expect(media.cameras).toHaveLength(1));
    await click("Begin the interview");
    await screen.findByRole("log");
    const peer = await relay.peer();
    peer.send(READY);
    await screen.findByText("Connected");
    expect(released()).toEqual([false, false, false]);
    return peer;
  }

  const released = () => [
    media.opened[0]?.stopped,
    media.speakers[0]?.state === "closed",
    media.cameras[0]?.stopped,
  ];

  it("are released when the interview ends", async () => {
    const peer = await enter();
    peer.send({ type: "ended", reason: "interviewer" });
    await waitFor(() => expect(window.location.pathname).toBe("/results/s-1"));
    await waitFor(() => expect(released()).toEqual([true, true, true]));
  });

  it("are released when the browser goes back", async () => {
    await enter();
    moveTo(`${server.origin}/`);
    act(() => {
      window.dispatchEvent(new PopStateEvent("popstate"));
    });
    await screen.findByRole("button", { name: "Start" });
    await waitFor(() => expect(released()).toEqual([true, true, true]));
  });

  it("are released when the interview does not exist any longer", async () => {
    const peer = await enter();
    peer.socket.close(4401);
    await screen.findByText("We can't find this interview");
    await click("Start new interview");
    await waitFor(() => expect(released()).toEqual([true, true, true]));
  });
});

describe("the room after a reload", () => {
  it("is entered by one click, with the preferred microphone", async () => {
    localStorage.setItem("interviewer.microphone", "second");
    sessions.save(SESSION);
    open("/interview/s-1");
    expect(await faults()).toEqual([]);
    await click("Return");
    await screen.findByRole("log");
    expect(media.speakers).toHaveLength(1);
    expect(media.opened.map(({ deviceId }) => deviceId)).toEqual(["second"]);
    expect(calls("POST /api/interview/start")).toHaveLength(0);
  });

  it("is entered with the avatar, and stores another conversation", async () => {
    const again = { conversation_url: "http://127.0.0.1:1/rooms/c2", conversation_token: "t2", warnings: [] };
    routes["GET /config.json"] = (answer) => sendJson(answer, 200, { avatar: true });
    routes["POST /api/interview/s-1/avatar"] = (answer) => sendJson(answer, 200, again);
    sessions.save({ ...SESSION, output: "voice", warnings: ["It came by voice."] });
    open("/interview/s-1");
    await click("Return");
    await screen.findByText("It came by voice.");
    // The warnings are shown once, not after each return.
    expect(sessions.find("s-1")?.session.warnings).toEqual([]);
    await userEvent.click(await screen.findByRole("switch", { name: "Video" }));
    await waitFor(() =>
      expect(sessions.find("s-1")?.session).toMatchObject({
        conversation_url: again.conversation_url,
        conversation_token: "t2",
        output: "avatar",
      }),
    );
  });

  it("is entered without a microphone where there was none", async () => {
    sessions.save(SESSION);
    open("/interview/s-1");
    await click("Check my devices first");
    await click("Continue, typing my answers");
    await screen.findByRole("log");
    cleanup();
    open("/interview/s-1");
    await click("Return, typing my answers");
    await screen.findByRole("log");
    expect(media.opened).toEqual([]);
  });

  it("leads to the device check when a device can't be opened, and releases the others", async () => {
    media.refusals.push(new DOMException("", "NotAllowedError"));
    sessions.save(SESSION);
    open("/interview/s-1");
    await click("Return");
    await screen.findByText("Ready to go back in?");
    await waitFor(() => expect(media.speakers[0]?.state).toBe("closed"));
  });

  it("says that the interview can't be found, and keeps its token", async () => {
    const relay = await TestRelay.listen();
    sessions.save({ ...SESSION, stream_url: relay.url });
    open("/interview/s-1");
    await click("Return");
    (await relay.peer()).socket.close(4401);
    await screen.findByText("We can't find this interview");
    expect(sessions.find("s-1")?.ended).toBe(false);
    await relay.close();
  });

  it("ends the interview and shows the summary, after a question", async () => {
    sessions.save(SESSION);
    open("/interview/s-1");
    await click("End it and see the summary");
    await click("Not yet");
    expect(calls("POST /api/interview/s-1/end")).toHaveLength(0);
    await click("End it and see the summary");
    await click("End it");
    await screen.findByText("Clear on turbines, thin on costs.");
    expect(window.location.pathname).toBe("/results/s-1");
  });

  it("counts as ended from the click on, before the server answers", async () => {
    routes["POST /api/interview/s-1/end"] = () => undefined;
    sessions.save(SESSION);
    open("/interview/s-1");
    await click("End it and see the summary");
    await click("End it");
    await screen.findByText("Writing your summary");
    expect(sessions.find("s-1")?.ended).toBe(true);
  });

  it("redirects to the results of an interview that has ended", async () => {
    sessions.save(SESSION);
    sessions.markEnded("s-1");
    open("/interview/s-1");
    await screen.findByText("Clear on turbines, thin on costs.");
    expect(window.location.pathname).toBe("/results/s-1");
  });
});

describe("errors of the page", () => {
  const raise = () =>
    window.dispatchEvent(new ErrorEvent("error", { error: new Error("x"), cancelable: true }));
  const envelopes = () => server.seen.filter(({ path }) => path.includes("/envelope/"));

  it("go to Sentry where the site has a DSN", async () => {
    const sentry_dsn = `http://0a1b2c@127.0.0.1:${new URL(server.origin).port}/7`;
    routes["GET /config.json"] = (answer) => sendJson(answer, 200, { interviewer: "embedded", sentry_dsn });
    open("/");
    await screen.findByText("Practice interviewer on this machine.");
    raise();
    await waitFor(() => expect(envelopes()).toHaveLength(1), { timeout: 15_000 });
  });

  it("go nowhere without one, and nothing of Sentry is loaded", async () => {
    const loaded = vi.fn();
    vi.doMock("../errors/sentry", () => {
      loaded();
      return { capture: loaded };
    });
    open("/");
    await screen.findByText("Practice interviewer on this machine.");
    raise();
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Tidal energy");
    vi.doUnmock("../errors/sentry");
    expect(loaded).not.toHaveBeenCalled();
    expect(envelopes()).toEqual([]);
  });
});

describe("accessibility", () => {
  it.each([
    ["set-up", "/", () => screen.findByText("Practice interviewer on this machine.")],
    ["results", "/results/s-1", () => screen.findByText("Recommendation")],
    ["an unknown interview", "/results/nobody", () => screen.findByText("We can't find this interview")],
    ["an unknown page", "/nowhere", () => screen.findByText("Page not found")],
  ])("axe finds no fault in %s", async (_, path, ready) => {
    sessions.save(SESSION);
    open(path);
    await ready();
    expect(await faults()).toEqual([]);
  });

  it("axe finds no fault in the check with the microphone on", async () => {
    open("/");
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Tidal energy");
    await click("Start");
    await click("Turn on the microphone");
    await screen.findByText(/Say a few words/);
    expect(await faults()).toEqual([]);
  });

  it("axe finds no fault in a form with errors and a refused microphone", async () => {
    open("/");
    await click("Start");
    expect(await faults()).toEqual([]);
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Tidal energy");
    await click("Start");
    media.refusals.push(new DOMException("", "NotAllowedError"));
    await click("Turn on the microphone");
    await screen.findByText("The microphone is blocked");
    expect(await faults()).toEqual([]);
  });
});
