import { act, cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { faults } from "../../testing/axe";
import { READY } from "../../testing/relay";
import { button, enter, microphone, reasons, relay, show, speaker } from "../../testing/room";

describe("the captions", () => {
  it("show both speakers, and everything that was said", async () => {
    const peer = await enter();
    peer.send(
      { type: "caption", turn: 0, speaker: "interviewer", text: "What is a tide?", final: true },
      { type: "spoken", turn: 0 },
      { type: "caption", turn: 1, speaker: "candidate", text: "The sea, ris", final: false },
    );
    const log = screen.getByRole("log");
    const interim = await within(log).findByText(/The sea, ris/);
    expect(interim.closest("[data-complete]")?.getAttribute("data-complete")).toBe("false");
    peer.send({ type: "caption", turn: 1, speaker: "candidate", text: "The sea, rising.", final: true });
    await within(log).findByText("The sea, rising.");
    await within(log).findByText("What is a tide?");
    const order = [...log.querySelectorAll("[data-speaker]")].map((each) =>
      each.getAttribute("data-speaker"),
    );
    expect(order).toEqual(["interviewer", "candidate"]);
  });

  it("follow the voice, and are read out when they are complete", async () => {
    const peer = await enter();
    const text = "Could you tell me about a service you have run in production, and what you did there?";
    speaker.received = 6;
    speaker.idle = false;
    peer.send({ type: "caption", turn: 0, speaker: "interviewer", text, final: true });
    const log = screen.getByRole("log");
    const growing = await within(log).findByText(/^Could you/);
    expect(growing.textContent?.length).toBeLessThan(40);
    expect(growing.closest("[aria-live]")?.getAttribute("aria-live")).toBe("off");
    peer.send({ type: "spoken", turn: 0 });
    await waitFor(() => expect(within(log).queryByText(text)).toBeNull());
    act(() => {
      speaker.position = 6;
    });
    const whole = await within(log).findByText(text);
    await waitFor(() => expect(whole.isConnected && whole.closest("[aria-live=off]")).toBeFalsy());
  });

  it("of an earlier connection are shown in full at once, and are not read out again", async () => {
    const peer = await enter();
    const text = "Could you tell me about a service you have run in production, and what you did there?";
    peer.send({ type: "caption", turn: 0, speaker: "interviewer", text: "Could you tell", final: false });
    // Its sound stands still at the beginning: shown at its pace, there would be little of it.
    speaker.received = 6;
    speaker.idle = false;
    await screen.findByText(/^Could you/);
    peer.send({ type: "reconnect", after_ms: 0 });
    const next = await relay.peer(1);
    const moved = vi.spyOn(performance, "now").mockReturnValue(performance.now());
    next.send(
      { ...READY, resumed: true, elapsed_seconds: 600 },
      { type: "caption", turn: 0, speaker: "interviewer", text, final: true },
      { type: "caption", turn: 1, speaker: "candidate", text: "A tide table.", final: true },
      { type: "floor", holder: "candidate" },
    );
    const log = screen.getByRole("log");
    await within(log).findByText("A tide table.");
    expect(within(log).getByText(text).closest("[data-complete]")?.getAttribute("aria-live")).toBe("off");
    expect(log.querySelectorAll("[data-speaker]")).toHaveLength(2);
    moved.mockRestore();
    await waitFor(() => expect(screen.getByTestId("elapsed").textContent).toMatch(/^10:0/));
  });

  it("end where the interviewer was interrupted", async () => {
    const peer = await enter();
    speaker.received = 6;
    speaker.idle = false;
    const text = "Could you tell me about a service you have run in production, and what you did there?";
    peer.send({ type: "caption", turn: 0, speaker: "interviewer", text, final: false });
    await screen.findByText(/^Could you/);
    peer.send({ type: "interrupted", turn: 0 });
    await screen.findByText(/interrupted/);
    // Its sound is counted as gone; what comes next is shown at its own pace, all the way.
    speaker.position = 6;
    speaker.idle = true;
    const next = "Then let us turn to something else, if that is all right with you.";
    peer.send({ type: "caption", turn: 1, speaker: "interviewer", text: next, final: true });
    await screen.findByText(/^Then let us/);
    peer.send({ type: "spoken", turn: 1 });
    await waitFor(() => expect(screen.getByText(next).closest("[aria-live=off]")).toBeNull());
    expect(screen.queryByText(/what you did there/)).toBeNull();
  });
});

describe("the controls", () => {
  it("mute by button and by the M key, but not while an M is typed", async () => {
    const user = userEvent.setup();
    const peer = await enter();
    await user.click(button(/^Mute/));
    expect(microphone.muted).toBe(true);
    await peer.waitFor({ type: "mute", on: true });
    await user.keyboard("m");
    expect(microphone.muted).toBe(false);
    await user.type(screen.getByLabelText("Your typed answer"), "more");
    expect(microphone.muted).toBe(false);
    button(/^Mute/);
  });

  it("hold the floor by button and by the H key, and give it back", async () => {
    const user = userEvent.setup();
    const peer = await enter();
    peer.send({ type: "floor", holder: "interviewer" });
    await screen.findByText("The interviewer is speaking");
    await user.click(button(/^Let me think/));
    await peer.waitFor({ type: "hold", on: true });
    await screen.findByText("Take your time.");
    expect(button(/^Let me think/).getAttribute("aria-pressed")).toBe("true");
    expect(await faults()).toEqual([]);
    await user.click(button("I'm ready"));
    await peer.waitFor({ type: "hold", on: false });
    expect(screen.queryByRole("button", { name: "I'm ready" })).toBeNull();
    await user.keyboard("h");
    expect(button(/^Let me think/).getAttribute("aria-pressed")).toBe("true");
    await user.keyboard("h");
    await user.type(screen.getByLabelText("Your typed answer"), "hh");
    expect(button(/^Let me think/).getAttribute("aria-pressed")).toBe("false");
  });

  it("have no single-key shortcuts after they were turned off, also after a reload", async () => {
    const user = userEvent.setup();
    await enter();
    await user.click(screen.getByRole("switch", { name: "Keyboard shortcuts" }));
    await user.keyboard("mh");
    expect(microphone.muted).toBe(false);
    expect(button(/^Let me think/).getAttribute("aria-pressed")).toBe("false");
    cleanup();
    show();
    const again = screen.getByRole("switch", { name: "Keyboard shortcuts" });
    expect(again.getAttribute("aria-checked")).toBe("false");
    await user.click(again);
    await user.keyboard("m");
    expect(microphone.muted).toBe(true);
  });

  it("send a typed answer with Enter, several lines with Shift", async () => {
    const user = userEvent.setup();
    const peer = await enter();
    const field = screen.getByLabelText<HTMLTextAreaElement>("Your typed answer");
    await user.type(field, "One{Shift>}{Enter}{/Shift}two{Enter}");
    await peer.waitFor(expect.objectContaining({ type: "text", text: "One\ntwo" }));
    expect(field.value).toBe("");
    await user.type(field, "   {Enter}");
    await user.type(field, "Three");
    await user.click(button("Send"));
    await peer.waitFor(expect.objectContaining({ type: "text", text: "Three" }));
    expect(peer.received.filter((frame) => (frame as { type?: string }).type === "text")).toHaveLength(2);
  });

  it("keep an answer that can't be sent now", async () => {
    const user = userEvent.setup();
    const peer = await enter();
    peer.socket.close(4409);
    await screen.findByText("The interview continues in another tab");
    const field = screen.getByLabelText<HTMLTextAreaElement>("Your typed answer");
    await user.type(field, "My answer{Enter}");
    expect(field.value).toBe("My answer");
    expect(screen.getByText(/^Not sent/)).toBeTruthy();
  });

  it("get back an answer that came too fast", async () => {
    const user = userEvent.setup();
    const peer = await enter();
    const field = screen.getByLabelText<HTMLTextAreaElement>("Your typed answer");
    await user.type(field, "One{Enter}Two{Enter}Thr");
    await peer.waitFor(expect.objectContaining({ type: "text", text: "Two" }));
    expect(field.value).toBe("Thr");
    const message = "Your text is back in the field. Send it again in a moment.";
    peer.send({ type: "notice", code: "too_fast", message, text: "One" });
    peer.send({ type: "notice", code: "too_fast", message, text: "Two" });
    await waitFor(() => expect(field.value.split("\n").sort()).toEqual(["One", "Thr", "Two"]));
    expect(screen.getByText(message)).toBeTruthy();
    await user.clear(field);
    peer.send({ type: "notice", code: "too_fast", message: "That was a lot at once." });
    await screen.findByText("That was a lot at once.");
    expect(field.value).toBe("");
  });

  it("end the interview after a question, and leave after the relay's answer", async () => {
    const user = userEvent.setup();
    const peer = await enter();
    await user.click(button(/^End/));
    await user.click(
      within(screen.getByRole("dialog")).getByRole("button", { name: "Continue the interview" }),
    );
    expect(screen.queryByRole("dialog")).toBeNull();
    await user.click(button(/^End/));
    expect(await faults()).toEqual([]);
    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: /^End/ }));
    await peer.waitFor({ type: "end" });
    await screen.findByText("The interview is ending");
    peer.send({ type: "ended", reason: "candidate" });
    await waitFor(() => expect(reasons).toEqual(["candidate"]));
  });

  it("show the text field where there is no microphone", async () => {
    await enter({ microphone: null });
    expect(screen.getByText("No microphone: type your answers.")).toBeTruthy();
    expect(button("Type an answer").getAttribute("aria-expanded")).toBe("true");
    expect(screen.queryByRole("button", { name: /^Mute/ })).toBeNull();
  });
});
