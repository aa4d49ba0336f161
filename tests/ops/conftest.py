"""`make dev`, and a stand-in of Google's services, for the operator's commands."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from interview.retry import Backoff
from ops import google as ops_google
from tests.e2e.conftest import serve
from tests.ops.cloud import Google, serving_google
from tests.relay.conftest import build, running

__all__ = ["build", "running", "serve"]


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    monkeypatch.setattr(ops_google, "RETRY", replace(ops_google.RETRY, backoff=Backoff(first=0.01, longest=0.04)))
    with serving_google() as running:
        yield running
