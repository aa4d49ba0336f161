import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { EMPTY, saveDraft } from "../session/draft";
import { calls, click, media, open, routes, server, sessions } from "../testing/app";
import { faults } from "../testing/axe";
import { SESSION, STARTED } from "../testing/samples";
import { sendJson } from "../testing/server";

describe("from set-up to the room", () => {
  it("creates nothing before Begin, then stores the session", async () => {
    open("/");
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Tidal energy");
    await click("Start");
    expect(window.location.pathname).toBe("/check");
    await waitFor(() => expect(document.activeElement?.tagName).toBe("H1"));
    expect(calls("POST /api/interview/start")).toHaveLength(0);
    await click("Begin and type my answers");
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
    await click("Begin and type my answers");
    await waitFor(() => expect(window.location.pathname).toBe("/interview/s-1"));
    expect(stored).not.toContain("Tidal energy");
    expect(typed()).not.toContain("Tidal energy");
    cleanup();
    open("/");
    expect(screen.getByLabelText<HTMLTextAreaElement>(/What should we talk about/).value).toBe("");
  });

  it("forgets the interviews of this browser and what was typed, after asking", async () => {
    sessions.save(SESSION);
    sessions.save({ ...SESSION, session_id: "s-2" });
    localStorage.setItem("interviewer.microphone", "second");
    open("/");
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Rotor blades");
    screen.getByRole("button", { name: "Import them" });
    await click("Forget on this device");
    expect(screen.getByText(/This removes 2 interviews/)).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Keep them" }));
    expect(await faults()).toEqual([]);
    await click("Keep them");
    expect(sessions.all()).toHaveLength(2);
    await click("Forget on this device");
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
    await click("Begin and type my answers");
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
    await click("Begin and type my answers");
    await userEvent.type(await screen.findByLabelText("Start code"), "class-7");
    await click("Start");
    await click("Begin and type my answers");
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
    await click("Begin and type my answers");
    await waitFor(() => expect(sessions.find("s-1")?.session.output).toBe("voice"));
    expect(calls("POST /api/interview/start")[0]?.body).toMatch(/name="output"\s+voice/);
  });

  it("begins in the first language of the site where it lacks the one of the form, and keeps that one", async () => {
    const begun = () => calls("POST /api/interview/start").at(-1)?.body;
    let languages: string[] | undefined = ["en-US"];
    routes["GET /config.json"] = (answer) => sendJson(answer, 200, { interviewer: "embedded", languages });
    saveDraft({ ...EMPTY, skill_topic: "Tidal energy", language: "de-DE" });
    open("/check");
    await screen.findByText(/^CV: none, Intermediate, English \(United States\)/);
    await click("Begin and type my answers");
    await waitFor(() => expect(begun()).toMatch(/name="language"\s+en-US/));
    cleanup();
    saveDraft({ ...EMPTY, skill_topic: "Tidal energy", language: "de-DE" });
    languages = undefined;
    open("/check");
    await click("Begin and type my answers");
    await waitFor(() => expect(begun()).toMatch(/name="language"\s+de-DE/));
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
    await click("Begin and type my answers");
    await waitFor(() => expect(window.location.pathname).toBe("/interview/s-1"));
    expect(sessions.find("s-1")?.session).toMatchObject({ stream_url: here, stream_urls: [away, here] });
  });

  it("redirects a check without a topic to the set-up", async () => {
    open("/check");
    await screen.findByRole("button", { name: "Start" });
    expect(window.location.pathname).toBe("/");
  });

  it("shows who asks the questions", async () => {
    open("/");
    await screen.findByText("Practice interviewer.");
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
    await screen.findByText("Practice interviewer.");
    raise();
    await waitFor(() => expect(envelopes()).toHaveLength(1));
  });

  it("go nowhere without one, and nothing of Sentry is loaded", async () => {
    const loaded = vi.fn();
    vi.doMock("../errors/sentry", () => {
      loaded();
      return { capture: loaded };
    });
    open("/");
    await screen.findByText("Practice interviewer.");
    raise();
    await userEvent.type(screen.getByLabelText(/What should we talk about/), "Tidal energy");
    vi.doUnmock("../errors/sentry");
    expect(loaded).not.toHaveBeenCalled();
    expect(envelopes()).toEqual([]);
  });
});

describe("accessibility", () => {
  it.each([
    ["set-up", "/", () => screen.findByText("Practice interviewer.")],
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
