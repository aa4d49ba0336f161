"""Who calls, when a Google service account does: its ID token (OIDC), checked without asking anyone about it.

Such a token is a JWT that Google has signed; all it takes to check one is Google's public keys, as certificates.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from google.auth import jwt
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import Request as GoogleRequest

from interview.api.flights import Flights
from interview.errors import Invalid, Unavailable

CERTS_URL = "https://www.googleapis.com/oauth2/v1/certs"
FETCH_SECONDS = 5
"""Within which Google must connect, and again answer."""
KEEP_SECONDS = 3600
"""How long certificates are kept: Google announces new ones a day before it signs with them."""

_ISSUERS = ("https://accounts.google.com", "accounts.google.com")
_MAX_TOKEN = 8192
_CLOCK_SKEW_SECONDS = 10

Certs = Mapping[str, str]
"""Certificates in PEM by the id of their key."""


class Identity:
    """Checks ID tokens that are made out for one audience."""

    def __init__(
        self,
        audience: str,
        fetch: Callable[[], Certs] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`fetch` blocks and runs in a thread; it is `fetch_certs` if not given."""
        self._audience = audience
        self._fetch = fetch or fetch_certs
        self._monotonic = monotonic
        self._certs: Certs = {}
        self._stale_at = 0.0
        self._fetches: Flights[Certs] = Flights()

    async def verify(self, token: str) -> Mapping[str, Any]:
        """The claims of a token. Raises Invalid for one that Google did not sign for this audience or whose time is not
        now, Unavailable when the certificates can't be had.
        """
        if len(token) > _MAX_TOKEN:
            raise Invalid("The token is too long.")
        certs = await self._fetches.run("certs", self._current_certs)
        return await asyncio.to_thread(self._check, token, certs)

    async def _current_certs(self) -> Certs:
        """Certificates from memory or from Google. One try: who sweeps comes again in a minute."""
        now = self._monotonic()
        if not self._certs or now >= self._stale_at:
            try:
                self._certs = await asyncio.to_thread(self._fetch)
            except (GoogleAuthError, ValueError) as error:
                raise Unavailable("Google's certificates can't be had right now.") from error
            self._stale_at = now + KEEP_SECONDS
        return self._certs

    def _check(self, token: str, certs: Certs) -> Mapping[str, Any]:
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token, certs=certs, audience=self._audience, clock_skew_in_seconds=_CLOCK_SKEW_SECONDS
            )
        # Of a token that is no token anything may come.
        except (GoogleAuthError, ValueError, TypeError) as error:
            raise Invalid("The token is not valid.") from error
        if claims.get("iss") not in _ISSUERS:
            raise Invalid("The token is not Google's.")
        return claims


def fetch_certs(url: str = CERTS_URL, timeout: float = FETCH_SECONDS) -> Certs:
    """Google's certificates. Blocks. Raises GoogleAuthError when there is no answer, ValueError when it is no use."""
    request = GoogleRequest()
    try:
        response = request(url, method="GET", timeout=timeout)
    finally:
        request.session.close()
    if response.status != HTTPStatus.OK:
        raise ValueError(f"No certificates, but status {response.status}.")
    certs = json.loads(response.data)
    if not isinstance(certs, dict) or not certs or not all(isinstance(cert, str) for cert in certs.values()):
        raise ValueError("That is no set of certificates.")
    return certs
