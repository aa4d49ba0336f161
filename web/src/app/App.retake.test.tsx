import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { EMPTY, saveDraft } from "../session/draft";
import { questionDraft } from "../session/retake";
import { begin, calls, click, open, routes, sessions } from "../testing/app";
import { faults } from "../testing/axe";
import { RECORD, SESSION, STARTED } from "../testing/samples";
import { sendJson } from "../testing/server";

describe("an interview again", () => {
  const CV = {
    filename: "cv.pdf",
    pages: 1,
    characters: 12,
    truncated: false,
    warning: null,
    text: "Ada Lovelace",
  };

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
    screen.getByText(/The CV from that interview, ada\.pdf, is used unless you choose another one/);
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
    screen.getByText(/different questions on the same topic/);
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
    await click("Begin and type my answers");
    await waitFor(() => expect(window.location.pathname).toBe("/interview/s-2"));
  });

  it("shows the one question that is practised, before it and in the list of interviews", async () => {
    routes["POST /api/interview/start"] = (answer) =>
      sendJson(answer, 201, { ...STARTED, session_id: "s-2", session_token: "token-2" });
    sessions.save(SESSION);
    saveDraft(questionDraft(SESSION, 4, "Why tidal energy?"));
    const { unmount } = open("/check");
    screen.getByText("One question: Why tidal energy?");
    await click("Begin and type my answers");
    await waitFor(() => expect(window.location.pathname).toBe("/interview/s-2"));
    expect(calls("POST /api/interview/start")[0]?.body).toMatch(/name="retake_question"\s+4/);
    unmount();
    open("/");
    expect(screen.getByRole("link", { name: /^One question: Why tidal energy\?/ }).getAttribute("href")).toBe(
      "/interview/s-2",
    );
  });

  it("holds a whole interview where the one of the question is gone", async () => {
    saveDraft(questionDraft(SESSION, 4, "Why tidal energy?"));
    open("/check");
    expect(screen.queryByText(/Why tidal energy/)).toBeNull();
    await click("Begin and type my answers");
    await waitFor(() => expect(window.location.pathname).toBe("/interview/s-1"));
    expect(sessions.find("s-1")?.session).not.toHaveProperty("question");
  });
});
