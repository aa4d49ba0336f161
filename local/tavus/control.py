"""Faults at run time: `POST /control` and `GET /inspect`, for tests and for trying things by hand.

Requests by web pages are refused: otherwise any site in a browser on this machine could use both addresses.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.tavus.account import Account
from local.tavus.clock import Clock
from local.tavus.faults import Faults
from local.tavus.report import report
from local.tavus.rest import Rest
from local.tavus.script import ROOMS, Fault
from local.tavus.webhooks import Webhooks

Work = Callable[[Request], Awaitable[Response]]


class Control:
    """The orders that it takes.

    - A fault (`script.Fault` as JSON). A fault of an answer applies from now on. A fault of a room applies to every
      active conversation, or to `conversation_id`; with `"coming": true`, to conversations created from now on.
    - `{"kind": "advance", "seconds": N}` advances the service's clock.
    - `{"kind": "clear"}` removes the faults that were ordered here and have not happened yet.
    """

    def __init__(self, account: Account, rest: Rest, clock: Clock, faults: Faults, webhooks: Webhooks) -> None:
        self._account = account
        self._rest = rest
        self._clock = clock
        self._faults = faults
        self._webhooks = webhooks
        self.routes = [
            Route("/control", _local(self._control), methods=["POST"]),
            Route("/inspect", _local(self._inspect), methods=["GET"]),
        ]

    def apply(self, order: dict[str, Any]) -> int:
        """Carry out an order; returns the number of conversations it applies to now. Raises ValueError, TypeError."""
        given = dict(order)
        if given.get("kind") == "advance":
            self._clock.advance(float(given["seconds"]))
            return 0
        if given.get("kind") == "clear":
            self._faults.clear()
            return 0
        coming, conversation_id = bool(given.pop("coming", False)), given.pop("conversation_id", None)
        return self.strike(Fault.read(given), coming=coming, conversation_id=conversation_id)

    def strike(self, fault: Fault, *, coming: bool = False, conversation_id: str | None = None) -> int:
        """Apply a fault; returns as `apply` does."""
        if coming or fault.kind not in ROOMS:
            self._faults.add(fault)
            return 0
        struck = [one for one in self._account.active if conversation_id in (None, one.terms.conversation_id)]
        for one in struck:
            one.expect(fault)
        return len(struck)

    def inspect(self, *, audio: bool = False) -> dict[str, Any]:
        """Everything that has happened so far."""
        return report(self._account, self._clock, self._rest.calls, self._webhooks, audio=audio)

    async def _control(self, request: Request) -> Response:
        try:
            order = json.loads(await request.body())
            if not isinstance(order, dict):
                raise TypeError("an object is needed")  # noqa: TRY301 - every invalid order gets the same answer
            return JSONResponse({"struck": self.apply(order)})
        except (ValueError, TypeError, KeyError) as error:
            return JSONResponse({"error": str(error)}, 400)

    async def _inspect(self, request: Request) -> Response:
        return JSONResponse(self.inspect(audio=request.query_params.get("audio") == "true"))


def _local(work: Work) -> Work:
    async def answer(request: Request) -> Response:
        elsewhere = request.url.hostname not in ("127.0.0.1", "localhost")
        if elsewhere or "origin" in request.headers or request.headers.get("sec-fetch-site", "none") != "none":
            return JSONResponse({"error": "Web pages may not use this."}, 403)
        return await work(request)

    return answer
