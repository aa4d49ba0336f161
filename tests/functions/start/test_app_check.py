"""Firebase App Check over HTTP: tokens that are really signed, and a server in place of Firebase's keys."""

import asyncio
import json
import time
from base64 import urlsafe_b64encode
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from interview.api.app_check import AGAIN_SECONDS, KEEP_SECONDS, MAX_KEYS_BYTES, AppCheckVerifier
from interview.errors import Forbidden, Unavailable
from tests.functions.service import ORIGIN, serving_functions
from tests.generate import Reply, serving

APP = "1:123:web:0a1b"
ENVIRON = {"APP_CHECK_APP": APP, "APP_CHECK_API_KEY": "a-key", "APP_CHECK_SITE_KEY": "a-site"}
START = "/api/interview/start"
TOPIC = {"skill_topic": "SQL"}


@cache
def key(key_id: str) -> rsa.RSAPrivateKey:
    assert key_id
    return rsa.generate_private_key(65537, 2048)


def number(value: int) -> str:
    return urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8)).decode().rstrip("=")


def published(*key_ids: str) -> dict[str, Any]:
    """A key set in the form of Firebase's."""
    numbers = {key_id: key(key_id).public_key().public_numbers() for key_id in key_ids}
    return {
        "keys": [
            {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": key_id, "n": number(one.n), "e": number(one.e)}
            for key_id, one in numbers.items()
        ]
    }


def token(key_id: str = "key-1", header: dict[str, Any] | None = None, **changes: Any) -> str:
    """A token as Firebase issues it to our page; a claim changed to None is left out."""
    claims = {
        "iss": "https://firebaseappcheck.googleapis.com/123",
        "aud": ["projects/123", "projects/demo"],
        "sub": APP,
        "iat": now(),
        "exp": now() + 3600,
        **changes,
    }
    given = {name: value for name, value in claims.items() if value is not None}
    head = {"alg": "RS256", "typ": "JWT", "kid": key_id, **(header or {})}
    signed = f"{part(head)}.{part(given)}"
    signature = key(key_id).sign(signed.encode(), PKCS1v15(), SHA256())
    return f"{signed}.{urlsafe_b64encode(signature).decode().rstrip('=')}"


def now() -> int:
    """This second: a whole run of the tests may take longer than a token is valid."""
    return int(time.time())


def part(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def refused() -> dict[str, str | None]:
    return {
        "none": None,
        "empty": "",
        "no token": "a.b.c",
        "another app of the project": token(sub="1:123:web:ffff"),
        "another project": token(aud=["projects/999"]),
        "an audience that is no list": token(aud="projects/123"),
        "no audience": token(aud=None),
        "another issuer": token(iss="https://firebaseappcheck.googleapis.com/999"),
        "no issuer": token(iss=None),
        "expired": token(iat=now() - 7200, exp=now() - 3600),
        "not yet": token(iat=now() + 600),
        "no expiry": token(exp=None),
        "another key": token("key-2"),
        "another key under our key's name": token("key-2", {"kid": "key-1"}),
        "no signature": token().rpartition(".")[0] + ".",
        "no algorithm": token(header={"alg": "none"}),
        "another algorithm": token(header={"alg": "HS256"}),
        "another type": token(header={"typ": "dpop"}),
        "too long": token() + "x" * 9_000,
    }


async def test_only_a_token_of_our_page_starts_an_interview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused one takes no place and counts as no start."""
    async with (
        serving(Reply(body=published("key-1"))) as keys,
        serving_functions(tmp_path, monkeypatch, None, keys.base_url, STARTS_PER_HOUR="1", **ENVIRON) as service,
    ):
        for what, given in refused().items():
            headers = {} if given is None else {"X-Firebase-AppCheck": given}
            answer = await service.start.post(START, json=TOPIC, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "app_check"), what
        assert not (await service.store.admissions()).places
        answer = await service.start.post(START, json=TOPIC, headers={"X-Firebase-AppCheck": token()})
        assert answer.status_code == 201, answer.text
        assert len(keys.calls) == 1, "an unknown key is looked for once a minute"
        assert token() not in str(keys.calls)


async def test_a_page_on_another_of_our_origins_may_send_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving_functions(tmp_path, monkeypatch, **ENVIRON) as service:
        answer = await service.start.options(START, headers={"origin": ORIGIN})
        assert "X-Firebase-AppCheck" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(500),
        Reply(body={}),
        Reply(body=[]),
        Reply(body={"keys": []}),
        Reply(body={"keys": [{"kty": "EC", "kid": "key-1"}]}),
        Reply(body={"keys": [{"kty": "RSA", "kid": "key-1", "n": 1, "e": "AQAB"}]}),
        Reply(body={"keys": ["x" * MAX_KEYS_BYTES]}),
        Reply(),
    ],
)
async def test_without_firebases_keys_nothing_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reply: Reply
) -> None:
    async with (
        serving(reply) as keys,
        serving_functions(tmp_path, monkeypatch, None, keys.base_url, **ENVIRON) as service,
    ):
        for _ in range(3):
            answer = await service.start.post(START, json=TOPIC, headers={"X-Firebase-AppCheck": token()})
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert len(keys.calls) == 1


class Firebase:
    """Publishes keys, or is away; counts how often it is asked. `now` is the verifier's clock."""

    def __init__(self) -> None:
        self.keys: tuple[str, ...] | None = ("key-1",)
        self.asked = 0
        self.now = 0.0
        self.verifier = AppCheckVerifier(APP, self.publish, lambda: self.now)

    async def publish(self) -> bytes:
        self.asked += 1
        await asyncio.sleep(0)
        if self.keys is None:
            raise httpx2.ConnectError("away")
        return json.dumps(published(*self.keys)).encode()


async def test_keys_are_fetched_once_for_six_hours() -> None:
    firebase = Firebase()
    await asyncio.gather(*(firebase.verifier.verify(token()) for _ in range(10)))
    firebase.now = KEEP_SECONDS - 1
    await firebase.verifier.verify(token())
    assert firebase.asked == 1
    firebase.now = KEEP_SECONDS
    firebase.keys = ("key-2",)
    await firebase.verifier.verify(token("key-2"))
    with pytest.raises(Forbidden):
        await firebase.verifier.verify(token())
    assert firebase.asked == 2


async def test_a_new_key_is_fetched_and_an_invented_one_at_most_once_a_minute() -> None:
    firebase = Firebase()
    await firebase.verifier.verify(token())
    firebase.keys = ("key-1", "key-2")
    firebase.now = AGAIN_SECONDS
    await firebase.verifier.verify(token("key-2"))
    for _ in range(5):
        with pytest.raises(Forbidden):
            await firebase.verifier.verify(token("key-3"))
    assert firebase.asked == 2


async def test_firebase_may_be_away_until_the_keys_are_too_old() -> None:
    firebase = Firebase()
    await firebase.verifier.verify(token())
    firebase.keys = None
    firebase.now = KEEP_SECONDS - 1
    with pytest.raises(Forbidden):
        await firebase.verifier.verify(token("key-2"))
    await firebase.verifier.verify(token())
    firebase.now += AGAIN_SECONDS
    with pytest.raises(Unavailable):
        await firebase.verifier.verify(token())
    firebase.keys = ("key-1",)
    firebase.now += AGAIN_SECONDS
    await firebase.verifier.verify(token())
