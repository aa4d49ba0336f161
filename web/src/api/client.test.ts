import { waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { ENDED, pdf, RECORD, STARTED, WANTED } from "../testing/samples";
import { type Handler, sendJson, serve, type TestServer } from "../testing/server";
import { createApi } from "./client";
import { ApiError } from "./error";
import { browser } from "./request";

const ME = { session_id: "s-1", session_token: "token-1" };

let server: TestServer;
let pauses: number[];

async function apiBehind(handle: Handler) {
  server = await serve(handle);
  pauses = [];
  return createApi(server.origin, {
    ...browser,
    sleep: async (milliseconds) => {
      pauses.push(milliseconds);
    },
    random: () => 0.5,
  });
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

afterEach(() => server.close());

describe("start", () => {
  it("sends a form with the CV and gives the session", async () => {
    const api = await apiBehind((_, answer) => sendJson(answer, 201, STARTED));
    const started = await api.start({ ...WANTED, job_description: "Build turbines", cv: pdf("my cv.pdf") });
    expect(started).toEqual(STARTED);
    const [sent] = server.seen;
    expect(sent?.method).toBe("POST");
    expect(sent?.path).toBe("/api/interview/start");
    expect(sent?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    for (const part of [
      'name="skill_topic"',
      "Tidal energy",
      'name="level"',
      "advanced",
      "en-GB",
      "Build turbines",
      'name="output"',
      "voice",
    ]) {
      expect(sent?.body).toContain(part);
    }
    expect(sent?.body).toContain('name="cv_file"; filename="my cv.pdf"');
    expect(sent?.body).toContain("%PDF-1.7");
  });

  it("sends a token of App Check where there is one", async () => {
    const api = await apiBehind((_, answer) => sendJson(answer, 201, STARTED));
    await api.start(WANTED, { appCheck: "a-token" });
    await api.start(WANTED);
    expect(server.seen.map((sent) => sent.headers["x-firebase-appcheck"])).toEqual(["a-token", undefined]);
  });

  it("is never repeated: that would be a second interview", async () => {
    const api = await apiBehind((_, answer) => sendJson(answer, 503, { code: "store_unavailable" }));
    expect((await failure(api.start(WANTED))).code).toBe("store_unavailable");
    expect(server.seen).toHaveLength(1);
  });

  it("names the interview that it retakes, with its token", async () => {
    const api = await apiBehind((_, answer) => sendJson(answer, 201, STARTED));
    await api.start(WANTED, { retake: ME });
    await api.start(WANTED);
    const [retake, plain] = server.seen.map(({ body }) => body);
    expect(retake).toMatch(/name="retake_session_id"\s+s-1/);
    expect(retake).toMatch(/name="retake_token"\s+token-1/);
    expect(plain).not.toContain("retake");
  });

  it("gives the problem's own code, words and field", async () => {
    const problem = {
      title: "The CV can't be read",
      detail: "It is a scan.",
      code: "cv_scanned",
      field: "cv_file",
    };
    const api = await apiBehind((_, answer) => sendJson(answer, 422, problem));
    expect(await failure(api.start(WANTED))).toMatchObject({ ...problem, status: 422 });
  });

  it("refuses an answer without a token", async () => {
    const { session_token: _, ...rest } = STARTED;
    const api = await apiBehind((_seen, answer) => sendJson(answer, 201, rest));
    expect((await failure(api.start(WANTED))).code).toBe("unreadable_answer");
  });
});

describe("reading a CV", () => {
  const CV = { filename: "cv.pdf", pages: 1, characters: 3, truncated: false, warning: null, text: "Ada" };

  it("sends the file alone and gives what was read, without a token", async () => {
    const api = await apiBehind((_, answer) => sendJson(answer, 200, { cv: CV }));
    expect(await api.readCv(pdf("my cv.pdf"))).toMatchObject(CV);
    const [sent] = server.seen;
    expect([sent?.method, sent?.path]).toEqual(["POST", "/api/interview/read-cv"]);
    expect(sent?.headers.authorization).toBeUndefined();
    expect(sent?.body).toContain('name="cv_file"; filename="my cv.pdf"');
  });

  it("is cancelled by its signal", async () => {
    const api = await apiBehind(() => undefined);
    const left = new AbortController();
    const reading = api.readCv(pdf(), { signal: left.signal });
    await waitFor(() => expect(server.seen).toHaveLength(1));
    left.abort();
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  });

  it("sends a corrected text with the start, beside its file only", async () => {
    const api = await apiBehind((_, answer) => sendJson(answer, 201, STARTED));
    await api.start({ ...WANTED, cv: pdf(), cv_text: "Ada Lovelace" });
    await api.start({ ...WANTED, cv: null, cv_text: "Ada Lovelace" });
    await api.start({ ...WANTED, cv: pdf(), cv_text: null });
    expect(server.seen.map(({ body }) => body.includes('name="cv_text"'))).toEqual([true, false, false]);
  });
});

describe("another face", () => {
  const GIVEN = { conversation_url: "https://tavus.daily.co/c2", conversation_token: "t2", warnings: [] };

  it("is asked for with the token", async () => {
    const api = await apiBehind((_, answer) => sendJson(answer, 200, GIVEN));
    expect(await api.avatar(ME)).toEqual(GIVEN);
    const [sent] = server.seen;
    expect([sent?.method, sent?.path]).toEqual(["POST", "/api/interview/s-1/avatar"]);
    expect(sent?.headers.authorization).toBe("Bearer token-1");
  });

  it("may be none, and why", async () => {
    const none = { conversation_url: null, conversation_token: null, warnings: ["All are taken.", 7] };
    const api = await apiBehind((_, answer) => sendJson(answer, 200, none));
    expect(await api.avatar(ME)).toEqual({ ...none, warnings: ["All are taken."] });
  });

  it("is never asked for a second time by itself: it would be paid for twice", async () => {
    const api = await apiBehind((_, answer) => sendJson(answer, 503, { code: "store_unavailable" }));
    expect((await failure(api.avatar(ME))).code).toBe("store_unavailable");
    expect(server.seen).toHaveLength(1);
  });
});

describe("what may be repeated", () => {
  it("is asked again after a passing failure, with longer pauses each time", async () => {
    let calls = 0;
    const api = await apiBehind((_, answer) => {
      calls += 1;
      if (calls < 3) sendJson(answer, 503, {});
      else sendJson(answer, 200, ENDED);
    });
    expect(await api.end(ME)).toMatchObject({ status: "completed", duration_seconds: 754 });
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill("Bearer token-1"));
    expect(pauses).toEqual([375, 750]);
  });

  it("waits as long as the server asks", async () => {
    let calls = 0;
    const api = await apiBehind((_, answer) => {
      calls += 1;
      if (calls === 1) sendJson(answer, 429, {}, { "retry-after": "2" });
      else sendJson(answer, 200, ENDED);
    });
    await api.end(ME);
    expect(pauses).toEqual([2375]);
  });

  it("is given up after three tries", async () => {
    const api = await apiBehind((_, answer) => sendJson(answer, 504, { code: "model_silent" }));
    expect((await failure(api.record(ME))).code).toBe("model_silent");
    expect(server.seen).toHaveLength(3);
  });

  it("is not repeated when it is refused", async () => {
    const api = await apiBehind((_, answer) => sendJson(answer, 404, { code: "not_found" }));
    expect((await failure(api.transcript(ME))).status).toBe(404);
    expect(server.seen).toHaveLength(1);
  });

  it("says offline when nobody answers", async () => {
    const api = await apiBehind(() => undefined);
    await server.close();
    expect((await failure(api.record(ME))).code).toBe("offline");
    expect(pauses).toHaveLength(2);
  });
});

it("understands a proxy's error page", async () => {
  const api = await apiBehind((_, answer) => {
    answer.writeHead(413, { "content-type": "text/html" });
    answer.end("<h1>Request entity too large</h1>");
  });
  expect(await failure(api.start(WANTED))).toMatchObject({ code: "http_413", status: 413 });
});

it("tells a pending summary from a finished one", async () => {
  const pending = {
    status: "summary_pending",
    retry_after_seconds: 10,
    step: "retrying",
    attempts: 2,
    code: "model_blocked",
  };
  const api = await apiBehind((_, answer) => sendJson(answer, 202, { session_id: "s-1", ...pending }));
  expect(await api.end(ME)).toEqual(pending);
});

it("downloads under the server's file name", async () => {
  const api = await apiBehind((_, answer) => {
    answer.writeHead(200, { "content-disposition": 'attachment; filename="interview-tides-2026-11-20.md"' });
    answer.end("# Interview");
  });
  const { blob, filename } = await api.download(ME, "md");
  expect(filename).toBe("interview-tides-2026-11-20.md");
  expect(await blob.text()).toBe("# Interview");
  expect(server.seen[0]?.path).toBe("/api/interview/s-1/transcript?format=md");
  expect(server.seen[0]?.headers.authorization).toBe("Bearer token-1");
});

it("downloads the report", async () => {
  const api = await apiBehind((_, answer) => answer.end("# Report"));
  expect((await api.report(ME, "md")).filename).toBe("interview.md");
  expect(server.seen[0]?.path).toBe("/api/interview/s-1/report?format=md");
});

it("sends the corrections once, and gives the corrected transcript", async () => {
  const corrections = [{ turn: 1, text: "Hydro." }];
  const turn = {
    turn: 1,
    speaker: "candidate",
    text: "Hi, Joe.",
    corrected_text: "Hydro.",
    doubt: ["unclear"],
  };
  const api = await apiBehind((_, answer) => sendJson(answer, 200, { turns: [turn] }));
  expect((await api.correct(ME, corrections)).turns).toMatchObject([turn]);
  const [sent] = server.seen;
  expect([sent?.method, sent?.path]).toEqual(["POST", "/api/interview/s-1/corrections"]);
  expect(JSON.parse(sent?.body ?? "")).toEqual({ corrections });
});

it("does not send the corrections twice by itself", async () => {
  const api = await apiBehind((_, answer) => sendJson(answer, 503, { code: "store_unavailable" }));
  await failure(api.correct(ME, []));
  expect(server.seen).toHaveLength(1);
});

it("asks for the sketch of an answer", async () => {
  const api = await apiBehind((_, answer) => sendJson(answer, 200, { turn: 4, sketch: "Say why." }));
  expect(await api.sketch(ME, 4)).toBe("Say why.");
  expect([server.seen[0]?.method, server.seen[0]?.path]).toEqual([
    "POST",
    "/api/interview/s-1/questions/4/sketch",
  ]);
});

it("reads the receipt of a deletion", async () => {
  const deleted = { store: { interview: 1, turns: 7 }, files: ["s-1/cv.pdf"] };
  const api = await apiBehind((_, answer) =>
    sendJson(answer, 200, {
      session_id: "s-1",
      deleted,
      deleted_at: "x",
      backups_until: "2026-12-04T12:00:00Z",
    }),
  );
  const receipt = await api.remove(ME);
  expect(receipt.deleted).toEqual([
    { what: "store: interview", amount: 1 },
    { what: "store: turns", amount: 7 },
    { what: "files", amount: 1 },
  ]);
  expect(receipt.not_deleted).toEqual([]);
  expect(receipt.backups_until).toBe("2026-12-04T12:00:00Z");
});

it("reads in a receipt what could not be deleted", async () => {
  const api = await apiBehind((_, answer) =>
    sendJson(answer, 200, { deleted: { avatar: ["c1"] }, not_deleted: { avatar: ["c2", "c3"], files: [] } }),
  );
  expect(await api.remove(ME)).toEqual({
    deleted: [{ what: "avatar", amount: 1 }],
    not_deleted: [{ what: "avatar", amount: 2 }],
    backups_until: null,
  });
});

it("reads in a record how the interviewer was met", async () => {
  const changes = [
    { at: "2026-11-20T10:00:01Z", output: "avatar", reason: "ready" },
    { at: "2026-11-20T10:02:00Z", output: "voice", reason: "room" },
  ];
  const api = await apiBehind((_, answer) => sendJson(answer, 200, { ...RECORD, avatar: { changes } }));
  expect((await api.record(ME)).avatar?.changes.map(({ output }) => output)).toEqual(["avatar", "voice"]);
});
