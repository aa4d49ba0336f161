"""After any failure of Tavus at any step, no conversation stays active.

Every failure of the stand-in, on every operation, in every step in which we call it. After each, Tavus works again,
time passes, and the sweep runs as it does every minute.
"""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from interview.avatar import Avatars
from interview.avatar.client import Timing
from interview.clock import now
from interview.retry import Backoff, Policy
from local.tavus import Fault, Server
from local.tavus.script import ANSWERS, ROOMS, AnswerFault, Operation, RoomFault
from tests.functions.service import PATIENT, Service, serving_functions

IMPATIENT = Timing(answer=0.3, create=0.3, retry=Policy(2, 10, Backoff(0.02, 0.02)))
"""On a busy machine an answer may come too late: one failure more, which must leave nothing either."""
DOING = ("error", "strange", "lost")
"""Failures after which the request may have been carried out."""
START = "/api/interview/start"


def faults() -> list[Fault]:
    answers = [
        Fault(kind, on=on, created=done, seconds=0.6 if kind == "slow" else None)
        for kind, on in itertools.product(get_args(AnswerFault), get_args(Operation))
        for done in ((False, True) if kind in DOING else (False,))
    ]
    worded = [Fault("error", on=on, status=status) for on in get_args(Operation) for status in (400,)]
    rooms = [Fault(kind) for kind in get_args(RoomFault)]
    return [*answers, *worded, Fault("credit", status=400), *rooms]


@dataclass
class Case:
    """One interview, with the functions and the stand-in."""

    service: Service
    tavus: Server
    session_id: str
    headers: dict[str, str]

    @property
    def path(self) -> str:
        return f"/api/interview/{self.session_id}"

    @property
    def avatars(self) -> Avatars:
        avatars = self.service.parts[1].avatars
        assert avatars
        return avatars


Step = Callable[[Case], Awaitable[object]]


async def start(case: Case) -> None:
    await case.service.begin()


async def start_with_a_bad_cv(case: Case) -> None:
    files = {"cv_file": ("cv.pdf", b"%PDF-1.7 and nothing that is one", "application/pdf")}
    await case.service.start.post(START, data={"skill_topic": "SQL"}, files=files)


async def end_while_another_is_opened(case: Case) -> None:
    """The interview ends while another conversation is being created."""
    interview = await case.service.store.get(case.session_id)
    other = case.service.parts[0].avatars
    assert other
    try:
        creation = await other.create_another(interview)
    except Exception:  # noqa: BLE001 - the present one could not be ended: there is no creation
        return
    await case.service.store.end(case.session_id, "candidate", now())
    await case.service.end.post(f"{case.path}/end", headers=case.headers)
    await creation.cancel()


async def sweep_what_was_left(case: Case) -> None:
    await case.service.store.end(case.session_id, "candidate", now())
    await case.avatars.sweep(now())


async def die_in_the_middle(case: Case) -> None:
    """A start whose process dies before it has stored a record."""
    avatars = case.service.parts[0].avatars
    assert avatars
    await avatars.create("0" * 32, 1500).wait()


STEPS: dict[str, Step] = {
    "start": start,
    "start with a bad CV": start_with_a_bad_cv,
    "another": lambda case: case.service.start.post(f"{case.path}/avatar", headers=case.headers),
    "end while another is opened": end_while_another_is_opened,
    "end": lambda case: case.service.end.post(f"{case.path}/end", headers=case.headers),
    "delete": lambda case: case.service.end.delete(case.path, headers=case.headers),
    "sweep": sweep_what_was_left,
    "die": die_in_the_middle,
}


@pytest.fixture
async def services(
    tavus: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Service, Service]]:
    """Two deployments over one store: one that waits long enough for every answer, and one that gives up early."""
    env = {
        "TAVUS_API_KEY": "a-key",
        "TAVUS_BASE_URL": tavus.base_url,
        "AVATAR_CONCURRENT": "2",
        "AVATAR_DAILY": "100000",
    }
    async with (
        serving_functions(tmp_path, monkeypatch, PATIENT, **env) as patient,
        serving_functions(tmp_path, monkeypatch, IMPATIENT, **env) as impatient,
    ):
        yield patient, impatient


@pytest.mark.parametrize("kind", sorted(ANSWERS | ROOMS))
async def test_no_failure_leaves_a_conversation_running(
    services: tuple[Service, Service], tavus: Server, kind: str
) -> None:
    service, impatient = services
    for fault in (one for one in faults() if one.kind == kind):
        dealt_with = {}
        for name, step in STEPS.items():
            session_id, headers = await service.begin()
            dealt_with[session_id] = name
            claimed = await service.store.claim(session_id, now())
            await service.store.release(session_id, claimed.live.epoch)  # no relay has anything left to write
            assert (await service.store.get(session_id)).avatar
            if fault.on in ("persona", "replicas"):
                tavus.account.personas.clear()  # so that it is looked up
            tavus.strike(fault)
            tavus.strike(fault, coming=True)
            await step(Case(impatient, tavus, session_id, headers))
            tavus.control.apply({"kind": "clear"})
            # The interview is over in any case.
            await service.end.post(f"/api/interview/{session_id}/end", headers=headers)
        avatars = service.parts[1].avatars
        assert avatars
        for minutes in (11, 12):
            assert (await avatars.sweep(now() + timedelta(minutes=minutes))).complete
        burnt = [one.terms.name for one in tavus.conversations if one.status == "active"]
        assert not burnt, (fault, [dealt_with.get(name.rpartition("/")[2]) for name in burnt])
        assert await service.store.with_avatar() == [], fault
        assert (await service.store.change_ledger(lambda ledger: ledger)).leases == {}, fault


def test_every_operation_is_in_the_table() -> None:
    assert {fault.kind for fault in faults()} == ANSWERS | ROOMS
    assert {fault.on for fault in faults()} == set(get_args(Operation))
