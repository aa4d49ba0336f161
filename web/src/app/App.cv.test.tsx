import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { begin, calls, click, open, routes, sessions } from "../testing/app";
import { faults } from "../testing/axe";
import { pdf, STARTED } from "../testing/samples";
import { sendJson } from "../testing/server";

describe("a CV on the way to the interview", () => {
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
    await userEvent.click(screen.getByRole("link", { name: "Back to set-up" }));
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
    await click("Continue and type my answers");
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
    await click("Begin and type my answers");
    await screen.findByText("This CV is a scan.");
    expect(window.location.pathname).toBe("/");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Choose your CV")));
    expect(screen.getByLabelText<HTMLTextAreaElement>(/What should we talk about/).value).toBe(
      "Tidal energy",
    );
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "Advanced" }).checked).toBe(true);
    expect(screen.queryByText("scan.pdf")).toBeNull();
  });
});
