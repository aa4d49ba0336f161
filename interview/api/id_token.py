"""Verifies the ID tokens (OIDC) with which Google service accounts call, by Google's own library.

The library fetches Google's certificates for each token, waits two minutes for them and blocks. Here they are fetched
once an hour with a short timeout, and the work is done in a thread.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from google.auth.exceptions import GoogleAuthError
from google.auth.transport import Response
from google.auth.transport.requests import Request as GoogleRequest
from google.oauth2 import id_token

from interview.api.single_flight import SingleFlight
from interview.errors import Invalid, Unavailable

CERTS_URL = "https://www.googleapis.com/oauth2/v1/certs"
FETCH_SECONDS = 5
"""The timeout for the connection to Google, and again for its answer."""
KEEP_SECONDS = 3600
"""How long certificates are cached. Google publishes new ones a day before it signs with them."""

_MAX_TOKEN = 8192
_CLOCK_SKEW_SECONDS = 10


class IdTokenVerifier:
    """Verifies ID tokens for one audience."""

    def __init__(
        self,
        audience: str,
        fetch: Callable[[], Response] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`fetch` blocks and runs in a thread; the default is `fetch_certs`."""
        self._audience = audience
        self._fetch = fetch or fetch_certs
        self._monotonic = monotonic
        self._certs: Response | None = None
        self._stale_at = 0.0
        self._fetches: SingleFlight[Response] = SingleFlight()

    async def verify(self, token: str) -> Mapping[str, Any]:
        """The claims of a token.

        Raises Invalid for a token that Google did not sign, for another audience, or that has expired; Unavailable
        without certificates.
        """
        if len(token) > _MAX_TOKEN:
            raise Invalid("The token is too long.")
        certs = await self._fetches.run("certs", self._current_certs)
        return await asyncio.to_thread(self._check, token, certs)

    async def _current_certs(self) -> Response:
        """Google's certificates, cached. Fetching them is attempted once: the next sweep is a minute away."""
        now = self._monotonic()
        if self._certs is None or now >= self._stale_at:
            try:
                self._certs = await asyncio.to_thread(self._fetch)
            except (GoogleAuthError, ValueError) as error:
                raise Unavailable("Google's certificates are not available right now.") from error
            self._stale_at = now + KEEP_SECONDS
        return self._certs

    def _check(self, token: str, certs: Response) -> Mapping[str, Any]:
        try:
            claims: Mapping[str, Any] = id_token.verify_oauth2_token(
                token, lambda *_, **__: certs, self._audience, _CLOCK_SKEW_SECONDS
            )
        # KeyError and TypeError: the library reads claims that a malformed token lacks or has in another type.
        except (GoogleAuthError, ValueError, KeyError, TypeError) as error:
            raise Invalid("The token is not valid.") from error
        return claims


def fetch_certs(url: str = CERTS_URL, timeout: float = FETCH_SECONDS) -> Response:
    """Google's answer with its certificates, as JSON: PEM by the id of the key. Blocks.

    Raises GoogleAuthError without an answer, and ValueError for an answer that is something else.
    """
    request = GoogleRequest()
    try:
        response: Response = request(url, method="GET", timeout=timeout)
    finally:
        request.session.close()
    if response.status != HTTPStatus.OK:
        raise ValueError(f"The certificates' address answered {response.status}.")
    certs = json.loads(response.data)
    if not isinstance(certs, dict) or not certs or not all(isinstance(cert, str) for cert in certs.values()):
        raise ValueError("The answer is not a set of certificates.")
    return response
