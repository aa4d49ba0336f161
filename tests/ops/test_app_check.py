"""A debug token of Firebase App Check: exchanged for a token that the application takes, and shown to nobody else."""

import json

import pytest

from interview.api.app_check import AppCheckVerifier
from interview.retry import Backoff
from ops import api
from ops.api import Api
from ops.failure import CommandFailed, NotAdmitted
from tests.functions.start.test_app_check import APP, published, token
from tests.generate import Call, Reply, serving

DEBUG = "123a4567-b89c-12d3-e456-789012345678"
KEYS = {"app_id": APP, "api_key": "a-key", "site_key": "a-site"}
STARTED = {"session_id": "s", "session_token": "t", "stream_url": "wss://relay.example/", "conversation_url": None}
REFUSED = Reply(403, {"code": "app_check"})


async def publish() -> bytes:
    return json.dumps(published("key-1")).encode()


def page(call: Call) -> Reply:
    return Reply(201, STARTED) if "x-firebase-appcheck" in call.headers else REFUSED


async def start(page_url: str, firebase_url: str, debug_token: str | None) -> None:
    client = Api(page_url, None, debug_token, firebase_url)
    try:
        await client.start("en-US", KEYS)
    finally:
        await client.close()


async def test_a_debug_token_starts_an_interview() -> None:
    async with serving(Reply(body={"token": token(), "ttl": "3600s"})) as firebase, serving(page) as site:
        await start(site.base_url, firebase.base_url, DEBUG)
    (exchange,), (started,) = firebase.calls, site.calls
    assert exchange.path == f"/projects/123/apps/{APP}:exchangeDebugToken"
    assert exchange.body == {"debugToken": DEBUG}
    assert (exchange.headers["x-goog-api-key"], exchange.headers["referer"]) == ("a-key", f"{site.base_url}/")
    await AppCheckVerifier(APP, publish).verify(started.headers["x-firebase-appcheck"])
    assert DEBUG not in str(site.calls)


async def test_without_a_debug_token_it_says_what_it_takes() -> None:
    async with serving(Reply(500, {})) as firebase, serving(page) as site:
        with pytest.raises(
            NotAdmitted, match=r"start answers app_check \(it needs a browser, or APP_CHECK_DEBUG_TOKEN"
        ):
            await start(site.base_url, firebase.base_url, None)
    assert not firebase.calls


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(403, {"error": {"status": "PERMISSION_DENIED"}}), "HTTP 403"),
        (Reply(503, {}), "HTTP 503"),
        (Reply(), "no answer"),
        (Reply(body={"ttl": "3600s"}), "without a token"),
    ],
    ids=["not registered", "away", "broken", "empty"],
)
async def test_a_debug_token_that_firebase_refuses_is_a_failure_that_does_not_show_it(
    reply: Reply, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "BACKOFF", Backoff(first=0.01, longest=0.02))
    async with serving(reply) as firebase, serving(page) as site:
        with pytest.raises(CommandFailed, match=reason) as failed:
            await start(site.base_url, firebase.base_url, DEBUG)
    assert not isinstance(failed.value, NotAdmitted)
    assert DEBUG not in str(failed.value)
    assert not site.calls
    assert len(firebase.calls) <= api.TRIES
