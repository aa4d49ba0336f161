/** A failed call of the API, with the fields of RFC 9457 where the answer had them. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** The API's stable code, or one of ours: `offline`, `timeout`, `unreadable_answer`, `retake_gone`, `http_<status>`. */
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    /** 0 when there was no answer at all. */
    readonly status: number,
    /** The input that was refused, where the API names one. */
    readonly field: string | null = null,
    /** Seconds until another try makes sense, where the API says so. */
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(detail || title);
  }
}

/** Reads a problem+json body. Any other body (a proxy's HTML page) becomes an error with the status alone. */
export function problem(status: number, body: string, retryAfter: string | null = null): ApiError {
  const seconds = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null;
  const fields = parseObject(body);
  const text = (key: string) => (typeof fields?.[key] === "string" ? fields[key] : "");
  return new ApiError(
    text("code") || `http_${status}`,
    text("title") || "Something went wrong on our side",
    text("detail"),
    status,
    text("field") || null,
    seconds,
  );
}

function parseObject(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
