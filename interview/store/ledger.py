"""The ledger of avatars, as both stores have it. Pure functions, as in `transition`."""

import secrets
from collections.abc import Callable
from dataclasses import replace

from interview.system import Ledger


def new() -> Ledger:
    """An empty ledger with a new random deployment id."""
    return Ledger(deployment=secrets.token_hex(8))


def change(ledger: Ledger, decide: Callable[[Ledger], Ledger]) -> Ledger:
    """Replace the ledger with the result of `decide`, except its deployment id."""
    changed = replace(decide(ledger), deployment=ledger.deployment)
    return ledger if changed == ledger else changed
