import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { FakeMachine } from "../../testing/audio";
import { faults } from "../../testing/axe";
import { type Peer, READY } from "../../testing/relay";
import { button, enter, microphone, reasons, relay, speaker } from "../../testing/room";
import { FakeStream, FakeTrack } from "../../testing/tracks";

const CAPTION = {
  type: "caption",
  turn: 4,
  speaker: "interviewer",
  text: "And then?",
  final: false,
} as const;

const notice = (code: string, message: string) => ({ type: "notice", code, message }) as const;
const SLOW = notice("slow_reply", "The interviewer is taking longer than usual.");
const IDLE = notice("idle", "You can type, too.");

describe("what the relay hears", () => {
  it("is shown in a live region until the reply", async () => {
    const peer = await enter();
    const status = screen.getByText("Your turn").closest("[role=status]") as HTMLElement;
    peer.send({ type: "hearing", state: "speech" });
    await within(status).findByText("Listening");
    peer.send({ type: "hearing", state: "writing" });
    await within(status).findByText("Writing down what you said");
    expect(await faults()).toEqual([]);
    peer.send({ type: "hearing", state: "quiet" }, { type: "floor", holder: "interviewer" });
    await within(status).findByText("The interviewer is speaking");
  });

  it("ends with quiet, and with a new connection", async () => {
    const peer = await enter();
    peer.send({ type: "hearing", state: "speech" });
    await screen.findByText("Listening");
    peer.send({ type: "hearing", state: "quiet" });
    await screen.findByText("Your turn");
    peer.send({ type: "hearing", state: "writing" });
    await screen.findByText("Writing down what you said");
    peer.send({ type: "reconnect", after_ms: 0 });
    (await relay.peer(1)).send({ ...READY, resumed: true });
    await screen.findByText("Your turn");
  });
});

describe("doubtful words in the captions", () => {
  it("are marked, and a turn without words says so", async () => {
    const peer = await enter();
    const own = { type: "caption", speaker: "candidate", final: true } as const;
    peer.send(
      { ...own, turn: 1, text: "", doubt: ["untranscribed"] },
      { ...own, turn: 3, text: "Was ist eine Gezeit?", doubt: ["language", "echo"] },
      { ...own, turn: 5, text: "The moon." },
    );
    const log = screen.getByRole("log");
    await within(log).findByText("The moon.");
    const turns = [...log.querySelectorAll("[data-speaker]")].map((turn) => turn.textContent);
    expect(turns).toEqual([
      "You[not understood]",
      "YouWas ist eine Gezeit?not in the interview's languagemay be the interviewer's own voice",
      "YouThe moon.",
    ]);
    peer.send({ ...own, turn: 1, text: "It rises.", doubt: ["unclear"] });
    await within(log).findByText("It rises.");
    expect(within(log).queryByText("[not understood]")).toBeNull();
    within(log).getByText("may be wrong");
  });
});

describe("a slow reply", () => {
  it.each([
    ["the interviewer speaks", CAPTION],
    ["the candidate speaks again", { type: "hearing", state: "speech" }],
  ] as const)("is shown until %s", async (_, message) => {
    const peer = await enter();
    peer.send(SLOW);
    await screen.findByText(SLOW.message);
    // The words of the answer that waits for its reply.
    peer.send({ type: "caption", turn: 3, speaker: "candidate", text: "The moon.", final: true });
    await screen.findByText("The moon.");
    screen.getByText(SLOW.message);
    peer.send(message);
    await waitFor(() => expect(screen.queryByText(SLOW.message)).toBeNull());
  });
});

describe("an idle candidate", () => {
  async function idle(): Promise<[Peer, HTMLElement]> {
    const peer = await enter();
    peer.send(IDLE);
    const text = await screen.findByText(IDLE.message);
    return [peer, text.closest("[role=status]") as HTMLElement];
  }

  const gone = () => waitFor(() => expect(screen.queryByText(IDLE.message)).toBeNull());

  it("can take time to think", async () => {
    const user = userEvent.setup();
    const [peer, offer] = await idle();
    expect(await faults()).toEqual([]);
    await user.click(within(offer).getByRole("button", { name: "Let me think" }));
    await peer.waitFor({ type: "hold", on: true });
    await gone();
  });

  it("can type an answer", async () => {
    const user = userEvent.setup();
    const [, offer] = await idle();
    await user.click(within(offer).getByRole("button", { name: "Type an answer" }));
    expect(document.activeElement).toBe(screen.getByLabelText("Your typed answer"));
    await gone();
  });

  it("can type an answer where the field is shown already", async () => {
    const user = userEvent.setup();
    const peer = await enter({ microphone: null });
    peer.send(IDLE);
    await screen.findByText(IDLE.message);
    await user.click(
      within(screen.getByText(IDLE.message).closest("[role=status]") as HTMLElement).getByRole("button", {
        name: "Type an answer",
      }),
    );
    expect(document.activeElement).toBe(screen.getByLabelText("Your typed answer"));
  });

  it("is left alone once they speak", async () => {
    const [peer] = await idle();
    peer.send({ type: "hearing", state: "speech" });
    await gone();
  });

  it("is asked again after the next silence", async () => {
    const user = userEvent.setup();
    const [peer, offer] = await idle();
    await user.click(within(offer).getByRole("button", { name: "Type an answer" }));
    await gone();
    peer.send(IDLE);
    await screen.findByText(IDLE.message);
  });
});

describe("a paused interview", () => {
  async function pause(): Promise<void> {
    const peer = await enter();
    peer.send(notice("suspended", "Paused by the relay."));
    peer.socket.close(4411);
    await screen.findByText("The interview is paused");
  }

  it("is not resumed by itself, and its clock runs on", async () => {
    await pause();
    expect(screen.getByText(/is saved/).textContent).toMatch(/The clock keeps running/);
    screen.getByText("Paused");
    expect(screen.queryByText("Paused by the relay.")).toBeNull();
    expect(await faults()).toEqual([]);
    const elapsed = screen.getByTestId("elapsed").textContent;
    window.dispatchEvent(new Event("online"));
    document.dispatchEvent(new Event("visibilitychange"));
    await waitFor(() => expect(screen.getByTestId("elapsed").textContent).not.toBe(elapsed));
    expect(relay.peers).toHaveLength(1);
    expect(reasons).toEqual([]);
  });

  it("is resumed by a click, with sound and what was said", async () => {
    const user = userEvent.setup();
    const resume = vi.spyOn(speaker, "resume");
    await pause();
    await user.click(button("Resume"));
    const next = await relay.peer(1);
    next.send({ ...READY, resumed: true, elapsed_seconds: 300 }, { type: "floor", holder: "candidate" });
    await screen.findByText("Your turn");
    expect(screen.queryByText("The interview is paused")).toBeNull();
    expect(resume).toHaveBeenCalledOnce();
    act(() => microphone.onframe?.(new ArrayBuffer(1280)));
    await next.waitFor(1280);
  });

  it("opens a microphone again that was unplugged meanwhile", async () => {
    const user = userEvent.setup();
    const machine = FakeMachine.install();
    machine.microphone = () => new FakeStream([new FakeTrack("Spare", "spare")]);
    await pause();
    act(() => microphone.onended?.());
    await user.click(button("Resume"));
    (await relay.peer(1)).send({ ...READY, resumed: true });
    await screen.findByRole("button", { name: /^Mute/ });
  });

  it("can be ended", async () => {
    const user = userEvent.setup();
    await pause();
    await user.click(button("End and see the summary"));
    expect(reasons).toEqual(["candidate"]);
  });
});

describe("a language model at its limit", () => {
  it.each(["model_quota", "model_busy"])(
    "(%s) is shown like a lost connection until it is back",
    async (code) => {
      const peer = await enter();
      peer.send(notice(code, "The sentence of the relay."));
      await screen.findByText("The interviewer's service has reached its limit");
      screen.getByText(/^We'll keep trying/);
      screen.getByText("Reconnecting…");
      expect(screen.queryByText("The sentence of the relay.")).toBeNull();
      peer.send(notice("resumed", "Back."));
      await screen.findByText("Your turn");
      expect(screen.queryByText(/has reached its limit/)).toBeNull();
    },
  );
});
