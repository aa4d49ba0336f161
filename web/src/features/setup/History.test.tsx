import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useReducer, useState } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import { createSessionStore, type SessionStore } from "../../session/store";
import { exported, imported } from "../../session/transfer";
import { faults } from "../../testing/axe";
import { SESSION } from "../../testing/samples";
import { PageTitle } from "../../ui/PageTitle";
import { Earlier } from "./Earlier";
import { History } from "./History";

let sessions: SessionStore;

beforeEach(() => {
  sessions = createSessionStore(localStorage);
  for (const session_id of ["s-1", "s-2", "s-3", "s-4"]) {
    sessions.save({ ...SESSION, session_id, skill_topic: `Topic ${session_id}` });
    sessions.markEnded(session_id);
  }
});

function Page() {
  const [open, setOpen] = useState(false);
  const [, refresh] = useReducer((count: number) => count + 1, 0);
  const then = (change: () => void) => {
    change();
    refresh();
  };
  return (
    <main>
      <PageTitle tab="Set up">Set up</PageTitle>
      <Earlier sessions={sessions.all()} onForget={vi.fn()} onAll={() => setOpen(true)} />
      <History
        open={open}
        sessions={sessions.all()}
        actions={{
          rename: (id, name) => then(() => sessions.rename(id, name)),
          forget: (id) => then(() => sessions.remove(id)),
          file: () => exported(sessions.all()),
          add: (text) => {
            const count = sessions.add(imported(text));
            refresh();
            return count;
          },
        }}
        onClose={() => setOpen(false)}
      />
    </main>
  );
}

async function openAll() {
  render(<Page />);
  await userEvent.click(screen.getByText("All interviews"));
  return within(screen.getByRole("dialog"));
}

const fileOf = (text: string) => new File([text], "interviews.json", { type: "application/json" });

it("shows all interviews, not only the latest three", async () => {
  const dialog = await openAll();
  const links = dialog.getAllByText(/^Topic s-/).map((one) => one.getAttribute("href"));
  expect(links.sort()).toEqual(["/results/s-1", "/results/s-2", "/results/s-3", "/results/s-4"]);
  expect(await faults()).toEqual([]);
});

it("names an interview", async () => {
  const dialog = await openAll();
  await userEvent.type(dialog.getByPlaceholderText("Topic s-2"), "First try");
  expect(createSessionStore(localStorage).find("s-2")?.name).toBe("First try");
  dialog.getByText("First try", { selector: "a" });
});

it("imports where there are no interviews yet", async () => {
  const text = exported(sessions.all());
  for (const { session } of sessions.all()) sessions.remove(session.session_id);
  const actions = { rename: vi.fn(), forget: vi.fn(), file: () => "", add: vi.fn(() => 4) };
  render(<History open sessions={[]} actions={actions} onClose={vi.fn()} />);
  screen.getByText("There are none yet.");
  expect(screen.queryByText("Export")).toBeNull();
  await userEvent.upload(screen.getByLabelText("Import a file from another browser"), fileOf(text));
  await screen.findByText("4 interviews imported.");
  expect(actions.add).toHaveBeenCalledWith(text);
});

it("tells the practice of one question from a whole interview", async () => {
  sessions.update("s-2", { question: "Why bees?" });
  const dialog = await openAll();
  dialog.getByText("One question: Why bees?", { selector: "a" });
  dialog.getByPlaceholderText("One question: Why bees?");
});

it("forgets one interview after a question", async () => {
  const dialog = await openAll();
  await userEvent.click(dialog.getByLabelText("Forget Topic s-3"));
  expect(document.activeElement?.textContent).toBe("Keep it");
  await userEvent.click(dialog.getByText("Keep it"));
  expect(document.activeElement).toBe(dialog.getByLabelText("Forget Topic s-3"));
  expect(sessions.all()).toHaveLength(4);
  await userEvent.click(dialog.getByLabelText("Forget Topic s-3"));
  await userEvent.click(dialog.getByText(/^Forget it:/));
  expect(sessions.find("s-3")).toBeNull();
  expect(document.activeElement).toBe(dialog.getByText("Close").closest("button"));
  expect(dialog.getByRole("status").textContent).toBe("“Topic s-3” has been forgotten.");
});

it("exports the interviews, and imports them again", async () => {
  let blob: Blob | undefined;
  vi.spyOn(URL, "createObjectURL").mockImplementation((one) => {
    blob = one as Blob;
    return "blob:1";
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
  const dialog = await openAll();
  await userEvent.click(dialog.getByText("Export"));
  const text = (await blob?.text()) ?? "";
  sessions.remove("s-1");
  sessions.remove("s-2");
  await userEvent.upload(dialog.getByLabelText("Import a file from another browser"), fileOf(text));
  await dialog.findByText("2 interviews imported.");
  expect(sessions.find("s-1")?.session.session_token).toBe("token-1");
  await userEvent.upload(dialog.getByLabelText("Import a file from another browser"), fileOf("[]"));
  await dialog.findByText(/This file has no interviews/);
});
