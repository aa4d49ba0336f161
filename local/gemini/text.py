"""generateContent: a description by rules of the transcript in the request, in the JSON schema that the request names.

Every answer has `EMBEDDED` as its `modelVersion`: whichever model was asked for, rules have answered, and
`interview/assessment` takes no verdict from them.
"""

import asyncio
import json
from typing import Any

from starlette.responses import JSONResponse, Response

from interview.gemini import EMBEDDED
from local.gemini import errors, schema, summary
from local.gemini.script import TextScript
from local.gemini.wire import Json

_CAN_NOT_SEE = "The embedded interviewer has no model that reads images or PDF files."


async def generate(body: Json, *, script: TextScript, number: int, counted: bool) -> Response:
    """The answer to one request (the `number`-th, from 1), or the failure that the script asks for. `counted`: the
    answer says how many tokens it took.
    """
    if script.delay:
        await asyncio.sleep(script.delay)
    if script.status != 200 and (script.failures is None or number <= script.failures):  # noqa: PLR2004
        return errors.error(script.status, "The embedded interviewer was told to fail.")
    if script.blocked is not None:
        return JSONResponse({"promptFeedback": {"blockReason": script.blocked}, "modelVersion": EMBEDDED})
    parts = [part for content in _listed(body.get("contents")) for part in _listed(content.get("parts"))]
    if not parts:
        return errors.error(400, "* GenerateContentRequest.contents: contents is not specified")
    if any("inlineData" in part or "fileData" in part for part in parts):
        return errors.error(400, _CAN_NOT_SEE)
    asked = "\n".join(str(part.get("text", "")) for part in parts)
    answer = script.body if script.body is not None else _answer(asked, body.get("generationConfig") or {})
    return _response(asked, answer, finish=script.finish, counted=counted)


def _answer(asked: str, config: Json) -> str:
    description = summary.describe(summary.read(asked))
    wanted = config.get("responseJsonSchema") or config.get("responseSchema")
    if wanted is None:
        return description.performance
    return json.dumps(schema.fill(wanted, description.values()), ensure_ascii=False)


def _response(asked: str, answer: str, *, finish: str, counted: bool) -> Response:
    candidate: dict[str, Any] = {"finishReason": finish, "index": 0}
    if finish == "MAX_TOKENS":
        answer = answer[: len(answer) // 2]
    if finish in ("STOP", "MAX_TOKENS"):
        candidate["content"] = {"parts": [{"text": answer}], "role": "model"}
    read, written = len(asked) // 4, len(answer) // 4
    usage = {"promptTokenCount": read, "candidatesTokenCount": written, "totalTokenCount": read + written}
    response = {"candidates": [candidate], "modelVersion": EMBEDDED}
    return JSONResponse(response | ({"usageMetadata": usage} if counted else {}))


def _listed(value: Any) -> list[Json]:
    return [value] if isinstance(value, dict) else list(value or [])
