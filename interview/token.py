"""Session ids and session tokens. A token gives access to one interview; a store keeps only its SHA-256."""

import hashlib
import hmac
import secrets


def new_session_id() -> str:
    """A new session's id: 128 random bits as 32 hex digits, valid in URLs, document ids and object names."""
    return secrets.token_hex(16)


def new_token() -> str:
    """A new session token: 256 random bits in 43 characters, valid in URLs and headers without escaping."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """A token's SHA-256 as 64 hex digits. A fast hash is enough, since a token is random and not a password."""
    # A caller may send any text, including lone surrogates from JSON. It must fail to match, not raise.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def matches(token: str, sha256: str) -> bool:
    """Whether the token has this SHA-256, compared in constant time."""
    return hmac.compare_digest(hash_token(token).encode(), sha256.encode("utf-8", "surrogatepass"))


def same(given: str, expected: str) -> bool:
    """Whether two codes are the same, compared in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())
