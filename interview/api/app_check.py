"""Verifies Firebase App Check's tokens, which prove that a request comes from the page and not from a script.

The page gets a token from Firebase, which has looked at the browser with reCAPTCHA Enterprise, and sends it in the
header `X-Firebase-AppCheck`. It is a JWT with RS256; what it must say is documented in
https://firebase.google.com/docs/app-check/custom-resource-backend. Firebase's keys may be cached for six hours
(https://firebase.google.com/docs/reference/appcheck/rest/v1/jwks).
"""

import asyncio
import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from interview.api.single_flight import SingleFlight
from interview.errors import Forbidden, Unavailable

HEADER: Final = "x-firebase-appcheck"
ISSUER: Final = "https://firebaseappcheck.googleapis.com/"
"""Followed by the project's number."""
KEYS_URL: Final = "https://firebaseappcheck.googleapis.com/v1/jwks"
FETCH_SECONDS: Final = 5.0
"""The timeout for Firebase's answer, in all."""
KEEP_SECONDS: Final = 6 * 3600.0
"""How long keys are used."""
AGAIN_SECONDS: Final = 60.0
"""Seconds between two fetches: for a key that is not among those that are cached, and after a failure."""
MAX_KEYS_BYTES: Final = 64 * 1024
MAX_KEYS: Final = 16
MAX_TOKEN: Final = 8_192
"""Characters of the longest token that is looked at. They have about 1,000."""

_CLOCK_SKEW_SECONDS: Final = 10

Keys = Mapping[str, bytes]
"""Public keys as PEM, by their id."""


class AppCheckVerifier:
    """Verifies the tokens of one web app. `app_id` is Firebase's, `1:PROJECT NUMBER:web:…`."""

    def __init__(
        self,
        app_id: str,
        fetch: Callable[[], Awaitable[bytes]] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`fetch` returns a JSON Web Key Set; it raises httpx2.HTTPError, ValueError or TimeoutError."""
        self._app_id = app_id
        self._project = app_id.split(":")[1]
        self._fetch = fetch or fetch_keys
        self._monotonic = monotonic
        self._keys: Keys = {}
        self._fetched_at = self._asked_at = float("-inf")
        self._fetches: SingleFlight[None] = SingleFlight()

    async def verify(self, token: str) -> None:
        """Check a token. Raises Forbidden for one that Firebase did not sign for our page, or that has expired, and
        Unavailable without Firebase's keys.
        """
        if not token or len(token) > MAX_TOKEN:
            raise _refused()
        key_id = _key_id(token)
        if self._stale or key_id not in self._keys:
            await self._fetches.run("keys", self._renew)
        if self._stale:
            raise Unavailable("Your browser can't be checked right now. Please try again in a minute.")
        await asyncio.to_thread(self._check, token)

    @property
    def _stale(self) -> bool:
        return self._monotonic() - self._fetched_at >= KEEP_SECONDS

    async def _renew(self) -> None:
        """Fetch the keys, but not too often. If that fails, those that are not too old stay."""
        if self._monotonic() - self._asked_at < AGAIN_SECONDS:
            return
        self._asked_at = self._monotonic()

        import httpx2  # Slow to import, and only a site with App Check needs it.

        try:
            async with asyncio.timeout(FETCH_SECONDS):
                self._keys = _read(await self._fetch())
        except (httpx2.HTTPError, ValueError, TimeoutError):
            return
        self._fetched_at = self._monotonic()

    def _check(self, token: str) -> None:
        from google.auth import jwt
        from google.auth.exceptions import GoogleAuthError

        try:
            # It checks the signature, `iat` and `exp`. `aud` is a list, which it does not know.
            claims = jwt.decode(token, self._keys, clock_skew_in_seconds=_CLOCK_SKEW_SECONDS)
        # KeyError and TypeError: the library reads fields that a malformed token lacks or has in another type.
        except (GoogleAuthError, ValueError, KeyError, TypeError) as error:
            raise _refused() from error
        audience = claims.get("aud")
        if not (
            isinstance(audience, list)
            and f"projects/{self._project}" in audience
            and claims.get("iss") == f"{ISSUER}{self._project}"
            and claims.get("sub") == self._app_id
        ):
            raise _refused()


async def fetch_keys(url: str = KEYS_URL) -> bytes:
    """Firebase's public keys as a JSON Web Key Set."""
    import httpx2

    async with httpx2.AsyncClient(timeout=FETCH_SECONDS) as client, client.stream("GET", url) as answer:
        answer.raise_for_status()
        content = bytearray()
        async for chunk in answer.aiter_bytes():
            content += chunk
            if len(content) > MAX_KEYS_BYTES:
                raise ValueError("The key set is too large.")
        return bytes(content)


def _read(content: bytes) -> Keys:
    """The RSA keys for RS256 of a JSON Web Key Set (RFC 7517). Raises ValueError without any."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    keys: dict[str, bytes] = {}
    try:
        for key in json.loads(content)["keys"][:MAX_KEYS]:
            if key.get("kty") == "RSA" and key.get("alg", "RS256") == "RS256":
                numbers = RSAPublicNumbers(_integer(key["e"]), _integer(key["n"]))
                pem = numbers.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
                keys[str(key["kid"])] = pem
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("The answer is not a key set.") from error
    if not keys:
        raise ValueError("The key set is empty.")
    return keys


def _integer(text: str) -> int:
    return int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def _key_id(token: str) -> str:
    """The id of the key that a token says it is signed with. Raises Forbidden for what is no JWT with RS256."""
    try:
        head = token.partition(".")[0]
        fields: Any = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
        if (fields["alg"], fields["typ"]) == ("RS256", "JWT"):
            return str(fields["kid"])
    except (ValueError, KeyError, TypeError):
        pass
    raise _refused()


def _refused() -> Forbidden:
    return Forbidden(
        "We couldn't tell that this comes from our page. Reload the page and try again, without an extension that "
        "blocks Google's reCAPTCHA.",
        code="app_check",
    )
