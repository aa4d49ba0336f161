"""The REST API: replicas, personas and conversations."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from local.tavus import errors
from local.tavus.account import Account
from local.tavus.clock import Clock
from local.tavus.conversation import Conversation
from local.tavus.errors import Refused
from local.tavus.faults import Faults
from local.tavus.script import Operation, Script

Json = dict[str, Any]
Work = Callable[[Request], Awaitable[Response]]
PAGE = 10
"""Items on a page by default."""
LATE = 30.0
"""Seconds by which a slow answer is late, unless the fault names another time."""
_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Call:
    """A request and the status of its answer, also if the answer was lost."""

    operation: Operation
    method: str
    path: str
    status: int


class Rest:
    """The API. `drop` resets the connection of a request."""

    def __init__(
        self,
        account: Account,
        scripts: Callable[[], Script],
        clock: Clock,
        faults: Faults,
        drop: Callable[[Request], None],
    ) -> None:
        self._account = account
        self._scripts = scripts
        self._clock = clock
        self._faults = faults
        self._drop = drop
        self._closing = asyncio.Event()
        self.calls: deque[Call] = deque(maxlen=_KEPT)
        self.routes = [
            Route("/v2/replicas", self._guarded("replicas", self._list_replicas), methods=["GET"]),
            Route("/v2/replicas/{id}", self._guarded("replicas", self._get_replica), methods=["GET"]),
            Route("/v2/personas", self._guarded("persona", self._create_persona), methods=["POST"]),
            Route("/v2/personas", self._guarded("persona", self._list_personas), methods=["GET"]),
            Route("/v2/personas/{id}", self._guarded("persona", self._get_persona), methods=["GET"]),
            Route("/v2/personas/{id}", self._guarded("persona", self._delete_persona), methods=["DELETE"]),
            Route("/v2/conversations", self._guarded("create", self._create), methods=["POST"]),
            Route("/v2/conversations", self._guarded("list", self._list), methods=["GET"]),
            Route("/v2/conversations/{id}", self._guarded("get", self._get), methods=["GET"]),
            Route("/v2/conversations/{id}", self._guarded("delete", self._delete), methods=["DELETE"]),
            Route("/v2/conversations/{id}/end", self._guarded("end", self._end), methods=["POST"]),
        ]

    def close(self) -> None:
        """Answer the delayed requests at once: the server stops."""
        self._closing.set()

    def _guarded(self, operation: Operation, work: Work) -> Work:
        """A handler that checks the key and applies the faults before `work`."""

        async def answer(request: Request) -> Response:
            try:
                self._check_key(request)
                answered = await self._answer(operation, work, request)
            except Refused as refused:
                answered = refused.response()
            self.calls.append(Call(operation, request.method, request.url.path, answered.status_code))
            return answered

        return answer

    def _check_key(self, request: Request) -> None:
        key, right = request.headers.get("x-api-key"), self._scripts().api_key
        if not key or (right is not None and key != right):
            raise errors.key()

    async def _answer(self, operation: Operation, work: Work, request: Request) -> Response:
        fault = self._faults.answer(operation)
        if fault is None:
            return await work(request)
        if fault.kind == "key":
            raise errors.key()
        if fault.kind == "concurrency":
            raise errors.concurrency()
        if fault.kind == "credit":
            raise errors.credit(fault.status or 402)
        if fault.created or fault.kind == "slow":
            answer = await work(request)
        if fault.kind == "slow":
            with suppress(TimeoutError):
                async with asyncio.timeout(LATE if fault.seconds is None else fault.seconds):
                    await self._closing.wait()
            return answer
        if fault.kind == "strange":
            return PlainTextResponse("<!doctype html><title>Just a moment</title>", media_type="text/html")
        if fault.kind == "lost":
            self._drop(request)
            await asyncio.sleep(0.05)  # until the server has noticed, so that it drops this answer
            return Response()
        return JSONResponse({"message": "Internal Server Error"}, fault.status or 500)

    # --- replicas and personas

    async def _list_replicas(self, request: Request) -> Response:
        kind, ids = request.query_params.get("replica_type"), request.query_params.get("replica_ids")
        found = [
            one
            for one in self._account.replicas
            if kind in (None, one["replica_type"]) and (ids is None or one["replica_id"] in ids.split(","))
        ]
        verbose = request.query_params.get("verbose") == "true"
        shown = [one if verbose else {k: v for k, v in one.items() if k != "replica_type"} for one in found]
        return _page(request, shown)

    async def _get_replica(self, request: Request) -> Response:
        for one in self._account.replicas:
            if one["replica_id"] == request.path_params["id"]:
                return JSONResponse({**one, "updated_at": one["created_at"], "error_message": None})
        raise errors.invalid("replica_id")

    async def _create_persona(self, request: Request) -> Response:
        persona = self._account.add_persona(await _body(request))
        return JSONResponse({name: persona.get(name) for name in ("persona_id", "persona_name", "created_at")})

    async def _list_personas(self, request: Request) -> Response:
        return _page(request, [*reversed(self._account.personas.values())])

    async def _get_persona(self, request: Request) -> Response:
        return JSONResponse({"data": [self._account.persona(request.path_params["id"])]})

    async def _delete_persona(self, request: Request) -> Response:
        del self._account.personas[self._account.persona(request.path_params["id"])["persona_id"]]
        return Response(status_code=204)

    # --- conversations

    async def _create(self, request: Request) -> Response:
        conversation = self._account.create(await _body(request))
        shown = self._shown(request, conversation)
        kept = ("conversation_id", "conversation_name", "conversation_url", "status", "callback_url", "created_at")
        answer = {name: shown[name] for name in kept}
        if conversation.terms.private:
            answer["meeting_token"] = conversation.token
        return JSONResponse(answer)

    async def _list(self, request: Request) -> Response:
        status = request.query_params.get("status")
        found = [
            self._shown(request, one)
            for one in reversed(self._account.conversations.values())
            if not one.deleted and status in (None, one.status)
        ]
        return _page(request, found)

    async def _get(self, request: Request) -> Response:
        conversation = self._account.conversation(request.path_params["id"])
        shown = self._shown(request, conversation)
        if request.query_params.get("verbose") == "true":
            shown["events"] = conversation.events.noted
            if conversation.reason is not None:
                shown["shutdown_reason"] = conversation.reason
        return JSONResponse(shown)

    async def _end(self, request: Request) -> Response:
        self._account.end(request.path_params["id"])
        return Response()

    async def _delete(self, request: Request) -> Response:
        self._account.delete(request.path_params["id"])
        return Response(status_code=204)

    def _shown(self, request: Request, conversation: Conversation) -> Json:
        terms = conversation.terms
        return {
            "conversation_id": terms.conversation_id,
            "conversation_name": terms.name,
            "conversation_url": f"{request.base_url}rooms/{terms.conversation_id}",
            "callback_url": terms.callback_url,
            "status": conversation.status,
            "replica_id": terms.replica_id,
            "persona_id": terms.persona_id,
            "created_at": self._clock.stamp(conversation.created),
            "updated_at": self._clock.stamp(conversation.updated),
        }


async def _body(request: Request) -> Json:
    """The body, which must be a JSON object. Raises Refused."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "The request body is not a JSON object.")
    return body


def _page(request: Request, items: list[Json]) -> Response:
    """One page of a list, by `limit` and `page`. Raises Refused."""
    try:
        limit, page = (int(request.query_params.get(name, value)) for name, value in (("limit", PAGE), ("page", 1)))
    except ValueError:
        raise Refused(400, "limit and page must be integers.") from None
    if limit < 1 or page < 1:
        raise Refused(400, "limit and page must be positive.")
    return JSONResponse({"data": items[(page - 1) * limit : page * limit], "total_count": len(items)})
