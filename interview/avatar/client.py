"""The avatar provider's REST interface: Tavus, version 2.

httpx2 is imported at the first call and not before: most of what imports this package never makes one.
"""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from tenacity import retry_if_exception_type, retry_if_result

from interview.errors import AvatarRefused, AvatarUnavailable
from interview.retry import Backoff, Policy
from interview.settings import Tavus

if TYPE_CHECKING:
    from httpx2 import AsyncClient

PAGE = 100
"""Conversations that are asked for at once."""
MAX_PAGES = 50
MAX_BYTES = 4 * 1024 * 1024
"""Of the largest answer that is read."""

RETRY = Policy(attempts=3, seconds=20.0, backoff=Backoff(first=0.5, longest=2.0))

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_NO_SUCH = re.compile(r"invalid|not found|not exist|unknown|deleted")
"""What a 400 says of an id that is not known: "Invalid conversation_id", by the description."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Timeouts in seconds, for a connection, for an answer and for the creation of a conversation, and the retries of
    idempotent calls.
    """

    connect: float = 3.0
    answer: float = 5.0
    create: float = 12.0
    retry: Policy = RETRY


class Unsure(AvatarUnavailable):
    """Whether a conversation was created is not known. `conversation_id` names it, where that much is."""

    def __init__(self, detail: str, *, code: str, conversation_id: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.conversation_id = conversation_id


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation that was created, with what opens its room."""

    conversation_id: str
    url: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation in the provider's own list. `created_at` is None where it could not be read."""

    conversation_id: str
    name: str
    created_at: datetime | None


class _Lost(AvatarUnavailable):
    """What was asked for may have been done; the answer did not come, or it was the server's fault."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """A status under 500, and the body if it was JSON; `empty`: there was none."""

    status: int
    content: Any
    empty: bool = False

    @property
    def fine(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def done(self) -> bool:
        """What was asked for has been done. A body of anything else than JSON is somebody else's answer."""
        return self.fine and (self.empty or isinstance(self.content, dict))

    @property
    def told(self) -> str:
        """The body's own words, for what only they tell apart."""
        return json.dumps(self.content).lower()

    @property
    def unknown(self) -> bool:
        """The id that was asked for is not known, or not any more."""
        if self.status == HTTPStatus.BAD_REQUEST:
            return _NO_SUCH.search(self.told) is not None
        return self.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)

    def get(self, name: str) -> Any:
        """A field of the body, or None."""
        return self.content.get(name) if isinstance(self.content, dict) else None


_RETRY = retry_if_exception_type(AvatarUnavailable) | retry_if_result(
    lambda answer: answer.status == HTTPStatus.TOO_MANY_REQUESTS
)


class Client:
    """Calls to the provider with one account's key. Connects at the first.

    Methods raise AvatarRefused, by its code for the account's sake (avatar_key, avatar_credit, avatar_concurrency) or
    for that of the request (avatar_refused), and AvatarUnavailable for the rest: avatar_timeout, avatar_unreachable,
    avatar_fault, avatar_strange. What only looks, and what may be done twice, is tried several times.
    """

    def __init__(self, tavus: Tavus, timing: Timing | None = None) -> None:
        self._tavus = tavus
        self._timing = timing or Timing()
        self._http: AsyncClient | None = None

    async def create_conversation(self, body: Mapping[str, Any]) -> Conversation:
        """A new conversation, which costs money from now on. Tried once: a second try could make a second one. Raises
        Unsure when there may be one.
        """
        try:
            answer = await self._send("POST", "/conversations", self._timing.create, body=body)
        except _Lost as error:
            raise Unsure(error.detail, code=error.code) from error
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise _refusal(answer)
        given, url, token = (answer.get(name) for name in ("conversation_id", "conversation_url", "meeting_token"))
        conversation_id = given if isinstance(given, str) and _ID.fullmatch(given) else None
        usable = isinstance(url, str) and url.startswith(("https://", "http://")) and isinstance(token, str) and token
        if not answer.fine or conversation_id is None or not usable or answer.get("status") not in ("active", None):
            raise Unsure(
                "The avatar's provider answered with something else than a conversation.",
                code="avatar_strange",
                conversation_id=conversation_id,
            )
        return Conversation(conversation_id, url, token)

    async def end_conversation(self, conversation_id: str) -> None:
        """Have it ended. That it had ended before, or is not known at all, is as good."""
        answer = await self._repeat("POST", f"/conversations/{conversation_id}/end")
        if answer.done:
            return
        # What is no plain yes may mean that it is over; that is believed if the conversation's own status says so.
        refused = _refusal(answer)
        if refused.code != "avatar_key" and not await self.is_active(conversation_id):
            return
        raise refused

    async def is_active(self, conversation_id: str) -> bool:
        """Whether it goes on; one that is not known does not."""
        answer = await self._repeat("GET", f"/conversations/{conversation_id}")
        if answer.unknown:
            return False
        status = answer.get("status")
        if not answer.fine:
            raise _refusal(answer)
        if not isinstance(status, str):
            raise _strange()
        return status != "ended"

    async def delete_conversation(self, conversation_id: str) -> None:
        """Have the record of one that is over deleted for good. That it is not known is as good.

        One that goes on is left: whether its deletion ends it is not documented, and no list would have it afterwards.
        """
        if await self.is_active(conversation_id):
            raise AvatarUnavailable("A conversation that goes on is not deleted.")
        answer = await self._repeat("DELETE", f"/conversations/{conversation_id}", params={"hard": "true"})
        if not answer.done and not answer.unknown:
            raise _refusal(answer)

    async def active_conversations(self) -> list[Listed]:
        """Every conversation of the account that goes on, whoever created it."""
        found: dict[str, Listed] = {}
        rows = 0
        for page in range(1, MAX_PAGES + 1):
            params = {"status": "active", "limit": str(PAGE), "page": str(page)}
            answer = await self._repeat("GET", "/conversations", params=params)
            data, total = answer.get("data"), answer.get("total_count")
            if not answer.fine:
                raise _refusal(answer)
            if not isinstance(data, list):
                raise _strange()
            listed = {one.conversation_id: one for row in data if (one := _listed(row)) is not None}
            rows += len(data)
            # Pages may be shorter than was asked for: the last one is known by the total, or by nothing new on it.
            if not data or (listed and listed.keys() <= found.keys()):
                break
            found |= listed
            if isinstance(total, int) and rows >= total:
                break
        return list(found.values())

    async def create_persona(self, body: Mapping[str, Any]) -> str:
        """A new persona; its id. It costs nothing, and is tried once."""
        answer = await self._send("POST", "/personas", self._timing.create, body=body)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise _refusal(answer)
        persona_id = answer.get("persona_id")
        if not answer.fine or not isinstance(persona_id, str) or not persona_id:
            raise _strange()
        return persona_id

    async def has_persona(self, persona_id: str) -> bool:
        """Whether there still is this persona."""
        answer = await self._repeat("GET", f"/personas/{persona_id}")
        if answer.unknown:
            return False
        if not answer.fine:
            raise _refusal(answer)
        return True

    async def stock_replica(self) -> str:
        """The first of the provider's own replicas that is complete."""
        params = {"replica_type": "system", "limit": str(PAGE), "page": "1"}
        answer = await self._repeat("GET", "/replicas", params=params)
        data = answer.get("data")
        if not answer.fine:
            raise _refusal(answer)
        for row in data if isinstance(data, list) else ():
            if isinstance(row, dict) and row.get("status") == "completed" and isinstance(row.get("replica_id"), str):
                replica_id: str = row["replica_id"]
                return replica_id
        raise AvatarRefused("The avatar's provider offers no replica; set TAVUS_REPLICA_ID.")

    async def close(self) -> None:
        """Give the connections back."""
        http, self._http = self._http, None
        if http is not None:
            await http.aclose()

    async def _repeat(self, method: str, path: str, *, params: Mapping[str, str] | None = None) -> _Answer:
        """An answer to what may be asked, or done, several times."""
        try:
            return await self._timing.retry.run(
                lambda: self._send(method, path, self._timing.answer, params=params), retry=_RETRY
            )
        except TimeoutError:
            raise _Lost("The avatar's provider did not answer in time.", code="avatar_timeout") from None

    async def _send(
        self,
        method: str,
        path: str,
        seconds: float,
        *,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> _Answer:
        """One try. Raises _Lost when it may have been done, and another AvatarUnavailable when nothing was sent."""
        http = await self._connect()

        from httpx2 import ConnectError, ConnectTimeout, HTTPError, PoolTimeout, TimeoutException, UnsupportedProtocol

        # What the library says goes no further: its words may quote the request.
        try:
            async with asyncio.timeout(seconds), http.stream(method, path, json=body, params=params) as response:
                data = bytearray()
                async for chunk in response.aiter_bytes():
                    data += chunk
                    if len(data) > MAX_BYTES:
                        break
        except (ConnectError, ConnectTimeout, PoolTimeout, UnsupportedProtocol):
            raise AvatarUnavailable("The avatar's provider can't be reached.", code="avatar_unreachable") from None
        except (TimeoutError, TimeoutException):
            raise _Lost("The avatar's provider did not answer in time.", code="avatar_timeout") from None
        except HTTPError:
            raise _Lost("The connection to the avatar's provider broke.", code="avatar_unreachable") from None
        if response.status_code == HTTPStatus.REQUEST_TIMEOUT:
            raise _Lost("The avatar's provider did not answer in time.", code="avatar_timeout")
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _Lost("The avatar's provider has a fault at the moment.", code="avatar_fault")
        try:
            content = json.loads(data)
        except (ValueError, RecursionError):
            content = None
        return _Answer(response.status_code, content, empty=not data)

    async def _connect(self) -> "AsyncClient":
        if self._http is None:
            # Loading the library and the certificates takes a tenth of a second: not on the loop that serves others.
            http = await asyncio.to_thread(self._open)
            # Of two first calls at once the earlier one's client stays; the other has opened nothing.
            self._http = self._http or http
        return self._http

    def _open(self) -> "AsyncClient":
        from httpx2 import AsyncClient, Timeout

        return AsyncClient(
            base_url=self._tavus.base_url,
            headers={"x-api-key": self._tavus.api_key or ""},
            timeout=Timeout(None, connect=self._timing.connect, pool=self._timing.connect),
        )


def _strange() -> AvatarUnavailable:
    return AvatarUnavailable("The avatar's provider answered with something unheard of.", code="avatar_strange")


def _refusal(answer: _Answer) -> AvatarUnavailable:
    """Our name for an answer that is none. Too many conversations at once and too little credit come as a plain 400."""
    if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return AvatarRefused("The avatar's provider does not accept our key.", code="avatar_key")
    if answer.status == HTTPStatus.PAYMENT_REQUIRED or "credit" in answer.told:
        return AvatarRefused("Our credit at the avatar's provider is used up.", code="avatar_credit")
    if "concurren" in answer.told:
        return AvatarRefused("The avatar's provider gives us no more conversations.", code="avatar_concurrency")
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return AvatarUnavailable("The avatar's provider is taking no more calls at the moment.", code="avatar_fault")
    if answer.status < HTTPStatus.BAD_REQUEST:
        return _strange()
    return AvatarRefused("The avatar's provider does not take what we send.")


def _listed(row: Any) -> Listed | None:
    """A row of the list, if it is one of a conversation that goes on."""
    if not isinstance(row, dict) or row.get("status", "active") != "active":
        return None
    conversation_id, name = row.get("conversation_id"), row.get("conversation_name")
    if not isinstance(conversation_id, str) or not _ID.fullmatch(conversation_id):
        return None
    return Listed(conversation_id, name if isinstance(name, str) else "", _time(row.get("created_at")))


def _time(value: Any) -> datetime | None:
    """A time as the provider writes it: ISO 8601, in UTC where it does not say."""
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
