"""Errors as Google's HTTP API words them."""

from starlette.responses import JSONResponse

_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
BAD_KEY = "API key not valid. Please pass a valid API key."
NO_KEY = "Method doesn't allow unregistered callers. Please use an API key to call this API."

NO_SESSION = "BidiGenerateContent session not found"
NO_SCHEDULING = "Function response scheduling is not supported for this model."


def error(status: int, message: str, reason: str | None = None) -> JSONResponse:
    """An error body with Google's status name; `reason` becomes the ErrorInfo detail (`API_KEY_INVALID`)."""
    body: dict[str, object] = {"code": status, "message": message, "status": _NAMES.get(status, "UNKNOWN")}
    if reason is not None:
        info = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": {"service": "generativelanguage.googleapis.com"},
        }
        body["details"] = [info]
    return JSONResponse({"error": body}, status_code=status)


def no_model(model: str, version: str, method: str) -> str:
    """The message for an unknown model."""
    return (
        f"models/{model} is not found for API version {version}, or is not supported for {method}. "
        "Call ListModels to see the list of available models and their supported methods."
    )
