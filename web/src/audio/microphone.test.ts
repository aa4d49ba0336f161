import { describe, expect, it, vi } from "vitest";
import { MicrophoneError, microphoneError, openMicrophone } from "./microphone";

describe("what the browser throws", () => {
  it.each([
    ["NotAllowedError", "refused"],
    ["SecurityError", "refused"],
    ["NotFoundError", "missing"],
    ["OverconstrainedError", "missing"],
    ["NotReadableError", "busy"],
    ["AbortError", "busy"],
    ["InvalidStateError", "failed"],
  ])("as %s means %s", (name, kind) => {
    const error = microphoneError(new DOMException("", name));
    expect(error).toBeInstanceOf(MicrophoneError);
    expect(error.kind).toBe(kind);
  });

  it("is kept as the cause, and named once", () => {
    const cause = new TypeError("odd");
    const error = microphoneError(cause);
    expect(error.cause).toBe(cause);
    expect(microphoneError(error)).toBe(error);
    expect(microphoneError("text").kind).toBe("failed");
  });
});

describe("a page without a microphone", () => {
  it("says when the address is to blame", async () => {
    vi.stubGlobal("isSecureContext", false);
    await expect(openMicrophone()).rejects.toMatchObject({ kind: "insecure" });
  });

  it("says when the browser is", async () => {
    vi.stubGlobal("isSecureContext", true);
    await expect(openMicrophone()).rejects.toMatchObject({ kind: "unsupported" });
  });
});
