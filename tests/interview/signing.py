"""ID tokens in Google's form, signed with a key of the test."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import trustme
from google.auth import crypt, jwt
from google.auth.transport import Response

ACCOUNT = "sweeper@project.iam.gserviceaccount.com"
AUDIENCE = "https://end.example"


class Answer(Response):
    """Google's answer to a request for its certificates."""

    status = 200
    data = b""
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, data: bytes) -> None:
        self.data = data


@dataclass(frozen=True, slots=True)
class Signer:
    """A key with its id, and its certificate in `certs`."""

    key_id: str
    key: bytes
    certs: Mapping[str, str]

    @property
    def published(self) -> Response:
        """The answer with which Google would publish the certificate."""
        return Answer(json.dumps(self.certs).encode())

    def token(self, header: Mapping[str, Any] | None = None, **changes: Any) -> str:
        """A token for the sweeper, an hour long; a claim changed to None is left out."""
        now = int(time.time())
        claims = {
            "iss": "https://accounts.google.com",
            "aud": AUDIENCE,
            "sub": "1",
            "email": ACCOUNT,
            "email_verified": True,
            "iat": now,
            "exp": now + 3600,
            **changes,
        }
        signer = _rsa_signer(self.key, self.key_id)
        given = {name: value for name, value in claims.items() if value is not None}
        token: bytes = jwt.encode(signer, given, header=dict(header or {}))
        return token.decode()


@cache
def _rsa_signer(key: bytes, key_id: str) -> Any:
    """Google's signer of a key. To load a key takes a tenth of a second."""
    return crypt.RSASigner.from_string(key, key_id)


def signer(key_id: str = "key-1") -> Signer:
    """The signer with this key id, cached."""
    return _signer(key_id)


@cache
def _signer(key_id: str) -> Signer:
    # Cached, because generating an RSA key is slow.
    issued = trustme.CA().issue_cert("signer.example", key_type=trustme.KeyType.RSA)
    certificate = issued.cert_chain_pems[0].bytes().decode()
    return Signer(key_id, issued.private_key_pem.bytes(), {key_id: certificate})
