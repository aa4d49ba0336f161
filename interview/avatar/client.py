"""A client of the Tavus REST API, version 2.

httpx2 is imported with the first call: most importers of this module never make one, and the import is slow.
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
"""Conversations on one page of a list."""
MAX_PAGES = 50
MAX_BYTES = 4 * 1024 * 1024
"""The size of the largest answer that is read."""

RETRY = Policy(attempts=3, seconds=20.0, backoff=Backoff(first=0.5, longest=2.0))

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_NO_SUCH = re.compile(r"invalid|not found|not exist|unknown|deleted")
"""How a 400 names an unknown id; the API description has "Invalid conversation_id"."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Timeouts in seconds, for a connection, for an answer and for the creation of a conversation, and the retries of
    idempotent calls.
    """

    connect: float = 3.0
    answer: float = 5.0
    create: float = 12.0
    retry: Policy = RETRY


class UncertainCreation(AvatarUnavailable):
    """The conversation may or may not have been created. `conversation_id` is set if the answer had it."""

    def __init__(self, detail: str, *, code: str, conversation_id: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.conversation_id = conversation_id


@dataclass(frozen=True, slots=True)
class AvatarConversation:
    """A new conversation, with the address and the token of its room."""

    conversation_id: str
    url: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListedConversation:
    """A conversation in Tavus's list. `created_at` is None if it could not be parsed."""

    conversation_id: str
    name: str
    created_at: datetime | None


class _NoAnswer(AvatarUnavailable):
    """The request may have been carried out: the answer did not arrive, or has status 408 or 5xx."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer with a status below 500. `content` is its JSON, or None; `empty` means that there was no body."""

    status: int
    content: Any
    empty: bool = False

    @property
    def fine(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def done(self) -> bool:
        """The request has been carried out. A body that is not JSON does not come from Tavus."""
        return self.fine and (self.empty or isinstance(self.content, dict))

    @property
    def text(self) -> str:
        """The body as lower-case text: some errors differ only in their wording."""
        return json.dumps(self.content).lower()

    @property
    def unknown(self) -> bool:
        """The requested id does not exist, or no longer exists."""
        if self.status == HTTPStatus.BAD_REQUEST:
            return _NO_SUCH.search(self.text) is not None
        return self.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)

    def get(self, name: str) -> Any:
        """A field of the body, or None."""
        return self.content.get(name) if isinstance(self.content, dict) else None


_RETRY = retry_if_exception_type(AvatarUnavailable) | retry_if_result(
    lambda answer: answer.status == HTTPStatus.TOO_MANY_REQUESTS
)


class Client:
    """Calls Tavus with one account's key. The first call connects.

    Methods raise AvatarRefused with the code avatar_key, avatar_credit or avatar_concurrency (the account) or
    avatar_refused (the request), and AvatarUnavailable with avatar_timeout, avatar_unreachable, avatar_fault or
    avatar_strange (an answer outside the API's description). Idempotent calls are retried.
    """

    def __init__(self, tavus: Tavus, timing: Timing | None = None) -> None:
        self._tavus = tavus
        self._timing = timing or Timing()
        self._http: AsyncClient | None = None

    async def create_conversation(self, body: Mapping[str, Any]) -> AvatarConversation:
        """Create a conversation, which costs money from now on. Not retried: that could create a second one.

        Raises UncertainCreation when it may exist all the same.
        """
        try:
            answer = await self._send("POST", "/conversations", self._timing.create, body=body)
        except _NoAnswer as error:
            raise UncertainCreation(error.detail, code=error.code) from error
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise _refusal(answer)
        given, url, token = (answer.get(name) for name in ("conversation_id", "conversation_url", "meeting_token"))
        conversation_id = given if isinstance(given, str) and _ID.fullmatch(given) else None
        usable = isinstance(url, str) and url.startswith(("https://", "http://")) and isinstance(token, str) and token
        if not answer.fine or conversation_id is None or not usable or answer.get("status") not in ("active", None):
            raise UncertainCreation(
                "The video provider's answer is not a conversation.",
                code="avatar_strange",
                conversation_id=conversation_id,
            )
        return AvatarConversation(conversation_id, url, token)

    async def end_conversation(self, conversation_id: str) -> None:
        """End a conversation. One that has ended or does not exist is a success."""
        answer = await self._repeat("POST", f"/conversations/{conversation_id}/end")
        if answer.done:
            return
        # The refusal may mean that the conversation is over already. Its status decides.
        refused = _refusal(answer)
        if refused.code != "avatar_key" and not await self.is_active(conversation_id):
            return
        raise refused

    async def is_active(self, conversation_id: str) -> bool:
        """Whether a conversation is active; an unknown one is not."""
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
        """Delete the record of an ended conversation. One that does not exist is a success.

        Raises AvatarUnavailable for an active one: Tavus does not document that a deletion ends it, and afterwards no
        list would show it.
        """
        if await self.is_active(conversation_id):
            raise AvatarUnavailable("An active conversation can't be deleted.")
        answer = await self._repeat("DELETE", f"/conversations/{conversation_id}", params={"hard": "true"})
        if not answer.done and not answer.unknown:
            raise _refusal(answer)

    async def active_conversations(self) -> list[ListedConversation]:
        """All active conversations of the account, including those of other programs."""
        found: dict[str, ListedConversation] = {}
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
            # A page may be shorter than its limit, so the last page is recognised by the total, or by no new rows.
            if not data or (listed and listed.keys() <= found.keys()):
                break
            found |= listed
            if isinstance(total, int) and rows >= total:
                break
        return list(found.values())

    async def create_persona(self, body: Mapping[str, Any]) -> str:
        """Create a persona, which costs nothing, and return its id. Not retried."""
        answer = await self._send("POST", "/personas", self._timing.create, body=body)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise _refusal(answer)
        persona_id = answer.get("persona_id")
        if not answer.fine or not isinstance(persona_id, str) or not persona_id:
            raise _strange()
        return persona_id

    async def has_persona(self, persona_id: str) -> bool:
        """Whether this persona exists."""
        answer = await self._repeat("GET", f"/personas/{persona_id}")
        if answer.unknown:
            return False
        if not answer.fine:
            raise _refusal(answer)
        return True

    async def stock_replica(self) -> str:
        """The id of the first of Tavus's stock replicas that is complete."""
        params = {"replica_type": "system", "limit": str(PAGE), "page": "1"}
        answer = await self._repeat("GET", "/replicas", params=params)
        data = answer.get("data")
        if not answer.fine:
            raise _refusal(answer)
        for row in data if isinstance(data, list) else ():
            if isinstance(row, dict) and row.get("status") == "completed" and isinstance(row.get("replica_id"), str):
                replica_id: str = row["replica_id"]
                return replica_id
        raise AvatarRefused("The video provider offers no replica; set TAVUS_REPLICA_ID.")

    async def close(self) -> None:
        """Close the connections."""
        http, self._http = self._http, None
        if http is not None:
            await http.aclose()

    async def _repeat(self, method: str, path: str, *, params: Mapping[str, str] | None = None) -> _Answer:
        """An idempotent call: retried after a failure and after 429."""
        try:
            return await self._timing.retry.run(
                lambda: self._send(method, path, self._timing.answer, params=params), retry=_RETRY
            )
        except TimeoutError:
            raise _NoAnswer("The video provider did not answer in time.", code="avatar_timeout") from None

    async def _send(
        self,
        method: str,
        path: str,
        seconds: float,
        *,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> _Answer:
        """One attempt. Raises _NoAnswer if it may have been carried out, AvatarUnavailable if nothing was sent."""
        http = await self._connect()

        from httpx2 import ConnectError, ConnectTimeout, HTTPError, PoolTimeout, TimeoutException, UnsupportedProtocol

        # The library's own messages are dropped: they may quote the request.
        try:
            async with asyncio.timeout(seconds), http.stream(method, path, json=body, params=params) as response:
                data = bytearray()
                async for chunk in response.aiter_bytes():
                    data += chunk
                    if len(data) > MAX_BYTES:
                        break
        except (ConnectError, ConnectTimeout, PoolTimeout, UnsupportedProtocol):
            raise AvatarUnavailable("The video provider can't be reached.", code="avatar_unreachable") from None
        except (TimeoutError, TimeoutException):
            raise _NoAnswer("The video provider did not answer in time.", code="avatar_timeout") from None
        except HTTPError:
            raise _NoAnswer("The connection to the video provider broke.", code="avatar_unreachable") from None
        if response.status_code == HTTPStatus.REQUEST_TIMEOUT:
            raise _NoAnswer("The video provider did not answer in time.", code="avatar_timeout")
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _NoAnswer("The video provider has a fault at the moment.", code="avatar_fault")
        try:
            content = json.loads(data)
        except (ValueError, RecursionError):
            content = None
        return _Answer(response.status_code, content, empty=not data)

    async def _connect(self) -> "AsyncClient":
        if self._http is None:
            # In a thread: importing the library and loading the certificates takes a tenth of a second.
            http = await asyncio.to_thread(self._open)
            # Of two concurrent first calls, the first one's client is kept. The other has no connections yet.
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
    return AvatarUnavailable("The video provider gave an unexpected answer.", code="avatar_strange")


def _refusal(answer: _Answer) -> AvatarUnavailable:
    """The error for a refusal. Tavus answers 400 for too many conversations and for too little credit, too."""
    if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return AvatarRefused("The video provider does not accept our key.", code="avatar_key")
    if answer.status == HTTPStatus.PAYMENT_REQUIRED or "credit" in answer.text:
        return AvatarRefused("Our credit at the video provider is used up.", code="avatar_credit")
    if "concurren" in answer.text:
        return AvatarRefused("The video provider allows no more conversations at once.", code="avatar_concurrency")
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return AvatarUnavailable("The video provider accepts no more calls at the moment.", code="avatar_fault")
    if answer.status < HTTPStatus.BAD_REQUEST:
        return _strange()
    return AvatarRefused("The video provider rejects our request.")


def _listed(row: Any) -> ListedConversation | None:
    """A row of the list, if it is a valid active conversation."""
    if not isinstance(row, dict) or row.get("status", "active") != "active":
        return None
    conversation_id, name = row.get("conversation_id"), row.get("conversation_name")
    if not isinstance(conversation_id, str) or not _ID.fullmatch(conversation_id):
        return None
    return ListedConversation(conversation_id, name if isinstance(name, str) else "", _time(row.get("created_at")))


def _time(value: Any) -> datetime | None:
    """A time as Tavus writes it: ISO 8601, in UTC unless it names an offset."""
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
