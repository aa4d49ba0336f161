import { act, cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { calls, click, media, open, routes, server, sessions } from "../testing/app";
import { faults } from "../testing/axe";
import { READY, TestRelay } from "../testing/relay";
import { SESSION, STARTED } from "../testing/samples";
import { moveTo, sendJson } from "../testing/server";

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
    await click("Continue and type my answers");
    await screen.findByRole("log");
    cleanup();
    open("/interview/s-1");
    await click("Return and type my answers");
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
