"""Session ids and session tokens: who may speak for an interview. A store keeps a token's SHA-256, never the token."""

import hashlib
import hmac
import secrets


def new_session_id() -> str:
    """A new session's id: 128 random bits as 32 hex digits, fit for an address, a document's id, an object's name."""
    return secrets.token_hex(16)


def new_token() -> str:
    """A new session token: 256 random bits in 43 characters that need no escaping in an address or a header."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """A token's SHA-256 as 64 hex digits. A fast hash is enough: a token is random, not a password somebody chose."""
    # Callers send any text they like, lone surrogates from JSON included, and all of it must simply not match.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def matches(token: str, sha256: str) -> bool:
    """Whether this token has that SHA-256; takes the same time whatever part of it is right."""
    return hmac.compare_digest(hash_token(token).encode(), sha256.encode("utf-8", "surrogatepass"))
