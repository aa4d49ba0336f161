"""`make dev` on this machine, as far as an operator's command has to know."""

import httpx2

from interview.errors import Invalid
from interview.settings import load
from ops.failure import CommandFailed


def address() -> str:
    """The page's address of `make dev`, whether it runs or not. Raises CommandFailed for invalid settings."""
    try:
        return f"http://localhost:{load().port}"
    except Invalid as error:
        raise CommandFailed(error.detail) from None


def runs(url: str) -> bool:
    """Whether it answers at this address."""
    try:
        return bool(httpx2.get(f"{url}/config.json", timeout=2).is_success)
    except httpx2.TransportError:
        return False
