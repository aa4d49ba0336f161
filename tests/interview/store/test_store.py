"""Tests of both stores."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from interview.errors import AlreadyEnded, AtCapacity, Conflict, Invalid, NotFound, Superseded, TooManyRequests
from interview.record import Avatar, EndedReason, Interview, Live, Standing, Writing
from interview.report import Criterion, Rubric
from interview.settings import Limits
from interview.store import Store
from interview.system import Account, Lease, Ledger, Place, Switch
from interview.usage import TextUsage
from tests.interview.store.conftest import OpenStore
from tests.interview.store.sample import NOW, SUMMARY, new_avatar, new_cv, new_interview, new_turn

ID = "5e55"


async def test_a_created_interview_is_read_back_unchanged(store: Store) -> None:
    interview = new_interview(avatar=new_avatar())
    await store.create(interview)
    assert await store.get(ID) == interview


async def test_optional_fields_may_be_missing(store: Store) -> None:
    interview = new_interview(cv=None, job_description=None)
    await store.create(interview)
    assert await store.get(ID) == interview


async def test_times_come_back_as_plain_utc(store: Store) -> None:
    zurich = timezone(timedelta(hours=2))
    await store.create(new_interview(created_at=NOW.astimezone(zurich)))
    created_at = (await store.get(ID)).created_at
    assert created_at == NOW
    assert type(created_at) is datetime
    assert created_at.tzinfo is UTC
    assert created_at.microsecond == 123457


async def test_lone_surrogates_are_replaced(store: Store) -> None:
    await store.create(new_interview(skill_topic="a \ud83d lone half"))
    await store.claim(ID, NOW)
    await store.save_turn(ID, 1, new_turn(0, text="\udc00"))
    assert (await store.get(ID)).skill_topic == "a \ufffd lone half"
    assert (await store.turns(ID))[0].text == "\ufffd"


async def test_the_same_id_twice_is_a_conflict_and_changes_nothing(store: Store) -> None:
    await store.create(new_interview())
    with pytest.raises(Conflict):
        await store.create(new_interview())
    with pytest.raises(Conflict):
        await store.create(new_interview(skill_topic="Another"))
    assert await store.get(ID) == new_interview()


async def test_an_unknown_session_is_not_found_by_any_method(store: Store) -> None:
    for call in (
        store.get(ID),
        store.attach_cv(ID, new_cv(), "prompt"),
        store.claim(ID, NOW),
        store.save_turn(ID, 1, new_turn(0)),
        store.save_handle(ID, 1, "handle"),
        store.touch(ID, 1, NOW),
        store.abandon(ID, NOW),
        store.change_avatar(ID, lambda _: None),
        store.end(ID, "candidate", NOW),
        store.save_summary(ID, SUMMARY),
        store.delete(ID),
    ):
        with pytest.raises(NotFound):
            await call


@pytest.mark.parametrize(
    "session_id", ["", ".", "..", "a/b", "a/turns/0000", "__all__", "a\x00", "\ud800", "é", "x" * 2000, "a b", "%2e"]
)
async def test_an_invalid_id_is_not_found(store: Store, session_id: str) -> None:
    await store.create(new_interview(session_id="a"))
    for call in (
        store.get(session_id),
        store.turns(session_id),
        store.claim(session_id, NOW),
        store.delete(session_id),
    ):
        with pytest.raises(NotFound):
            await call


async def test_an_expired_session_is_not_found(store: Store) -> None:
    await store.create(new_interview(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    for call in (store.get(ID), store.claim(ID, NOW)):
        with pytest.raises(NotFound):
            await call


async def test_a_cv_is_attached_while_ready(store: Store) -> None:
    await store.create(new_interview(cv=None))
    attached = await store.attach_cv(ID, new_cv(filename="new.docx"), "Another prompt")
    assert attached == new_interview(cv=new_cv(filename="new.docx"), prompt="Another prompt")
    assert await store.get(ID) == attached


async def test_a_cv_is_refused_once_live(store: Store) -> None:
    await store.create(new_interview())
    live = await store.claim(ID, NOW)
    with pytest.raises(Conflict) as refused:
        await store.attach_cv(ID, new_cv(filename="late.pdf"), "Another prompt")
    assert refused.value.code == "already_live"
    assert await store.get(ID) == live


async def test_a_claim_makes_it_live(store: Store) -> None:
    await store.create(new_interview())
    claimed = await store.claim(ID, NOW)
    assert (claimed.status, claimed.started_at, claimed.live.epoch) == ("live", NOW, 1)
    assert await store.get(ID) == claimed


async def test_a_second_claim_keeps_the_start_and_fences_the_first_writer(store: Store) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    await store.save_handle(ID, 1, "handle")
    second = await store.claim(ID, NOW + timedelta(minutes=5))
    assert (second.started_at, second.live.epoch, second.live.resumption_handle) == (NOW, 2, "handle")
    with pytest.raises(Superseded):
        await store.save_turn(ID, 1, new_turn(0))
    with pytest.raises(Superseded):
        await store.save_handle(ID, 1, "old")
    with pytest.raises(Superseded):
        await store.end(ID, "failed", NOW, epoch=1)
    assert await store.turns(ID) == []
    assert await store.get(ID) == second


async def test_a_handle_is_stored_and_removed(store: Store) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    await store.save_handle(ID, 1, "first")
    await store.save_handle(ID, 1, "second")
    assert (await store.get(ID)).live.resumption_handle == "second"
    await store.save_handle(ID, 1, None)
    assert (await store.get(ID)).live.resumption_handle is None


async def test_turns_are_in_order_and_a_repeated_number_replaces(store: Store) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    for number in (2, 0, 11, 1):
        await store.save_turn(ID, 1, new_turn(number))
    late = new_turn(1, text="Answer 1, and a late word", interrupted=True, source="text", speaker="interviewer")
    await store.save_turn(ID, 1, late)
    assert await store.turns(ID) == [new_turn(0), late, new_turn(2), new_turn(11)]


async def test_more_than_ten_thousand_turns_keep_their_order(store: Store) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    for number in (10_000, 9_999, 1_001):
        await store.save_turn(ID, 1, new_turn(number))
    assert [turn.number for turn in await store.turns(ID)] == [1_001, 9_999, 10_000]


async def test_a_turn_needs_a_live_interview(store: Store) -> None:
    await store.create(new_interview())
    with pytest.raises(Conflict):
        await store.save_turn(ID, 0, new_turn(0))


async def test_the_last_turn_may_come_after_the_end_but_not_after_the_summary(store: Store) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    ended = await store.end(ID, "candidate", NOW)
    # This is how a relay notices an end from elsewhere.
    assert await store.save_turn(ID, 1, new_turn(0)) == ended
    await store.save_summary(ID, SUMMARY)
    with pytest.raises(AlreadyEnded):
        await store.save_turn(ID, 1, new_turn(1))
    assert await store.turns(ID) == [new_turn(0)]


@pytest.mark.parametrize(
    ("reason", "status"),
    [("interviewer", "ended"), ("candidate", "ended"), ("time_limit", "ended"), ("failed", "failed")],
)
async def test_the_first_end_counts(store: Store, reason: EndedReason, status: str) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    await store.save_handle(ID, 1, "handle")
    ended = await store.end(ID, reason, NOW + timedelta(seconds=90.6), epoch=1)
    assert (ended.status, ended.ended_reason, ended.duration_seconds) == (status, reason, 91)
    assert ended.ended_at == NOW + timedelta(seconds=90.6)
    assert ended.live.resumption_handle is None
    assert await store.end(ID, "candidate", NOW + timedelta(hours=1)) == ended
    assert await store.get(ID) == ended
    with pytest.raises(AlreadyEnded):
        await store.claim(ID, NOW)


async def test_an_interview_that_never_began_took_no_time(store: Store) -> None:
    await store.create(new_interview())
    ended = await store.end(ID, "candidate", NOW + timedelta(minutes=3))
    assert (ended.status, ended.duration_seconds, ended.started_at) == ("ended", 0, None)


async def test_an_abandoned_interview_can_go_on(store: Store) -> None:
    await store.create(new_interview())
    live = await store.claim(ID, NOW)
    await store.save_turn(ID, 1, new_turn(0))
    await store.save_handle(ID, 1, "handle")
    await store.touch(ID, 1, NOW + timedelta(minutes=4))
    abandoned = await store.abandon(ID, NOW + timedelta(minutes=5))
    assert (abandoned.status, abandoned.ended_reason, abandoned.duration_seconds) == ("abandoned", "abandoned", 240)
    assert await store.get(ID) == abandoned
    again = NOW + timedelta(minutes=6)
    assert await store.claim(ID, again) == replace(live, live=Live(2, "handle", again, held=True))
    assert await store.turns(ID) == [new_turn(0)]
    ended = await store.end(ID, "interviewer", NOW + timedelta(minutes=10), epoch=2)
    assert (ended.status, ended.duration_seconds) == ("ended", 600)


async def test_ending_an_abandoned_interview_does_not_make_it_longer(store: Store) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    await store.touch(ID, 1, NOW + timedelta(minutes=4))
    abandoned = await store.abandon(ID, NOW + timedelta(minutes=9))
    assert await store.abandon(ID, NOW + timedelta(minutes=19)) == abandoned
    ended = await store.end(ID, "candidate", NOW + timedelta(days=2))
    assert (ended.status, ended.ended_reason, ended.duration_seconds) == ("ended", "candidate", 240)
    assert await store.get(ID) == ended


async def test_a_touch_is_stored_and_returns_an_end_from_elsewhere(store: Store) -> None:
    await store.create(new_interview())
    live = await store.claim(ID, NOW)
    assert live.live.seen_at == NOW
    later = NOW + timedelta(seconds=30)
    touched = await store.touch(ID, 1, later)
    assert touched == replace(live, live=Live(1, seen_at=later, held=True))
    assert await store.get(ID) == touched
    ended = await store.end(ID, "candidate", NOW + timedelta(minutes=1))
    assert await store.touch(ID, 1, NOW + timedelta(minutes=2)) == ended
    assert await store.get(ID) == ended


async def test_a_touch_of_an_old_epoch_is_superseded(store: Store) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    second = await store.claim(ID, NOW)
    with pytest.raises(Superseded):
        await store.touch(ID, 1, NOW + timedelta(minutes=1))
    assert await store.get(ID) == second


async def test_idle_returns_live_interviews_the_longest_unseen_first(store: Store) -> None:
    claims = {"1ast": 4, "f1rst": 1, "m1dd1e": 2, "touched": 0, "ended": 0, "abandoned": 0, "at-the-time": 5, "new": 9}
    for name, minute in claims.items():
        await store.create(new_interview(session_id=name))
        await store.claim(name, NOW + timedelta(minutes=minute))
    await store.create(new_interview(session_id="ready"))
    await store.touch("touched", 1, NOW + timedelta(minutes=9))
    await store.end("ended", "candidate", NOW)
    await store.abandon("abandoned", NOW + timedelta(minutes=1))
    before = NOW + timedelta(minutes=5)
    found = await store.idle(before)
    assert [interview.session_id for interview in found] == ["f1rst", "m1dd1e", "1ast"]
    assert found[0] == await store.get("f1rst")
    assert [interview.session_id for interview in await store.idle(before, 2)] == ["f1rst", "m1dd1e"]
    zurich = timezone(timedelta(hours=2))
    assert await store.idle(before.astimezone(zurich)) == found


async def test_an_expired_interview_is_not_idle(store: Store) -> None:
    await store.create(new_interview(expires_at=datetime.now(UTC) + timedelta(seconds=2)))
    await store.claim(ID, NOW)
    assert await store.idle(NOW + timedelta(seconds=1))
    async with asyncio.timeout(60):
        while await store.idle(NOW + timedelta(seconds=1)):
            await asyncio.sleep(0.05)
    with pytest.raises(NotFound):
        await store.abandon(ID, NOW + timedelta(seconds=1))


async def test_an_interview_claimed_meanwhile_is_not_abandoned(open_store: OpenStore) -> None:
    sweeper, relay = open_store(), open_store()
    await relay.create(new_interview())
    await relay.claim(ID, NOW)
    before = NOW + timedelta(minutes=5)
    assert [interview.session_id for interview in await sweeper.idle(before)] == [ID]
    claimed = await relay.claim(ID, before)
    assert await sweeper.abandon(ID, before) == claimed
    assert await relay.get(ID) == claimed


async def test_no_claim_is_lost_to_a_concurrent_abandonment(open_store: OpenStore) -> None:
    """In either order, the interview is live after the claim and has not ended."""
    sweeper, relay = open_store(), open_store()
    await relay.create(new_interview(max_duration_seconds=86_400))
    await relay.claim(ID, NOW)
    first: set[str] = set()
    for minute in range(10, 400, 10):
        now = NOW + timedelta(minutes=minute)
        abandoned, claimed = await asyncio.gather(sweeper.abandon(ID, now - timedelta(minutes=5)), relay.claim(ID, now))
        first.add(abandoned.status)
        kept = await sweeper.get(ID)
        assert kept == claimed
        assert (kept.status, kept.ended_at, kept.ended_reason, kept.live.seen_at) == ("live", None, None, now)
        await relay.save_turn(ID, kept.live.epoch, new_turn(minute))
    assert first <= {"abandoned", "live"}


@pytest.mark.parametrize("status", ["ready", "live", "ended", "completed"])
async def test_an_avatar_is_changed_at_any_time(store: Store, status: str) -> None:
    await store.create(new_interview())
    if status != "ready":
        await store.claim(ID, NOW)
    if status in ("ended", "completed"):
        await store.end(ID, "candidate", NOW)
    if status == "completed":
        await store.save_summary(ID, SUMMARY)
    before = await store.get(ID)
    changed = await store.change_avatar(ID, lambda _: new_avatar())
    assert changed == replace(before, avatar=new_avatar())
    assert await store.get(ID) == changed
    assert await store.change_avatar(ID, lambda interview: interview.avatar) == changed
    assert await store.change_avatar(ID, lambda _: None) == before
    assert await store.get(ID) == before


async def test_an_avatar_is_changed_under_the_present_epoch_only(store: Store) -> None:
    await store.create(new_interview(avatar=new_avatar()))
    await store.claim(ID, NOW)
    second = await store.claim(ID, NOW)
    with pytest.raises(Superseded):
        await store.change_avatar(ID, lambda _: None, epoch=1)
    assert await store.get(ID) == second
    assert (await store.change_avatar(ID, lambda _: None, epoch=2)).avatar is None


async def test_a_refused_change_of_the_avatar_changes_nothing(store: Store) -> None:
    await store.create(new_interview(avatar=new_avatar()))

    def refuse(_: Interview) -> Avatar:
        raise Conflict("No.")

    with pytest.raises(Conflict):
        await store.change_avatar(ID, refuse)
    assert await store.get(ID) == new_interview(avatar=new_avatar())


async def test_no_concurrent_change_of_an_avatar_is_lost(open_store: OpenStore) -> None:
    stores = [open_store(), open_store()]
    await stores[0].create(new_interview(avatar=new_avatar(seconds=0)))

    def one_more(interview: Interview) -> Avatar | None:
        return interview.avatar and replace(interview.avatar, seconds=interview.avatar.seconds + 1)

    await asyncio.gather(*(stores[number % 2].change_avatar(ID, one_more) for number in range(20)))
    avatar = (await stores[0].get(ID)).avatar
    assert avatar is not None
    assert avatar.seconds == 20


async def test_with_avatar_returns_the_oldest_avatar_first(store: Store) -> None:
    def at(minute: int, **changes: str) -> Avatar:
        return new_avatar(created_at=NOW + timedelta(minutes=minute), **changes)

    avatars = {
        "1ast": at(7),
        "f1rst": at(1, status="creating"),
        "m1dd1e": at(4),
        "ended": at(0, status="ended"),
        "failed": at(2, status="failed"),
        "n0ne": None,
    }
    for name, avatar in avatars.items():
        await store.create(new_interview(session_id=name, avatar=avatar))
    await store.claim("m1dd1e", NOW)
    await store.end("1ast", "candidate", NOW)
    found = await store.with_avatar()
    assert [interview.session_id for interview in found] == ["f1rst", "m1dd1e", "1ast"]
    assert found[1] == await store.get("m1dd1e")
    assert [interview.session_id for interview in await store.with_avatar(2)] == ["f1rst", "m1dd1e"]
    await store.change_avatar("m1dd1e", lambda _: at(4, status="ended"))
    assert [interview.session_id for interview in await store.with_avatar()] == ["f1rst", "1ast"]


async def test_the_ledger_is_created_once_and_keeps_its_deployment(open_store: OpenStore) -> None:
    first, second = open_store(), open_store()
    made = await asyncio.gather(*(store.change_ledger(lambda ledger: ledger) for store in (first, second) * 5))
    assert made == made[:1] * 10
    assert len(made[0].deployment) >= 16
    assert replace(made[0], deployment="") == Ledger(deployment="")
    kept = await second.change_ledger(lambda _: Ledger(deployment="of another", persona_id="p1", persona_key="r1/1"))
    assert kept == replace(made[0], persona_id="p1", persona_key="r1/1")
    assert await first.change_ledger(lambda ledger: ledger) == kept


async def test_leases_are_read_back_unchanged(store: Store) -> None:
    leases = {"a": Lease(NOW, NOW + timedelta(minutes=30)), "b": Lease(NOW, NOW)}
    kept = await store.change_ledger(lambda ledger: replace(ledger, day="2026-11-24", today=2, leases=leases))
    assert await store.change_ledger(lambda ledger: ledger) == kept
    assert (kept.day, kept.today, kept.leases) == ("2026-11-24", 2, leases)
    fewer = await store.change_ledger(lambda ledger: replace(ledger, leases={"b": leases["b"]}))
    assert (await store.change_ledger(lambda ledger: ledger)).leases == fewer.leases == {"b": leases["b"]}


async def test_a_refused_change_of_the_ledger_changes_nothing(store: Store) -> None:
    kept = await store.change_ledger(lambda ledger: replace(ledger, today=1))

    def refuse(_: Ledger) -> Ledger:
        raise Conflict("No.")

    with pytest.raises(Conflict):
        await store.change_ledger(refuse)
    assert await store.change_ledger(lambda ledger: ledger) == kept


async def test_no_concurrent_change_of_the_ledger_is_lost(open_store: OpenStore) -> None:
    stores = [open_store(), open_store()]

    def one_more(ledger: Ledger) -> Ledger:
        return replace(ledger, today=ledger.today + 1)

    await asyncio.gather(*(stores[number % 2].change_ledger(one_more) for number in range(20)))
    assert (await stores[0].change_ledger(lambda ledger: ledger)).today == 20


async def test_the_first_summary_counts(store: Store) -> None:
    await store.create(new_interview())
    await store.end(ID, "candidate", NOW)
    completed = await store.save_summary(ID, SUMMARY)
    assert (completed.status, completed.summary) == ("completed", SUMMARY)
    assert await store.save_summary(ID, replace(SUMMARY, performance_summary="Another")) == completed
    assert await store.get(ID) == completed
    with pytest.raises(AlreadyEnded):
        await store.claim(ID, NOW)


async def test_a_running_interview_gets_no_summary(store: Store) -> None:
    await store.create(new_interview())
    live = await store.claim(ID, NOW)
    with pytest.raises(Conflict):
        await store.save_summary(ID, SUMMARY)
    assert await store.get(ID) == live


async def test_delete_removes_the_turns(store: Store) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    for number in range(5):
        await store.save_turn(ID, 1, new_turn(number))
    assert await store.delete(ID) == 5
    assert await store.turns(ID) == []
    for call in (store.get(ID), store.delete(ID), store.save_turn(ID, 1, new_turn(5))):
        with pytest.raises(NotFound):
            await call
    await store.create(new_interview())
    assert await store.turns(ID) == []


async def test_delete_leaves_other_interviews_alone(store: Store) -> None:
    other = new_interview(session_id="07he4")
    await store.create(new_interview())
    await store.create(other)
    await store.claim("07he4", NOW)
    await store.save_turn("07he4", 1, new_turn(0))
    assert await store.delete(ID) == 0
    assert await store.turns("07he4") == [new_turn(0)]


async def test_two_stores_see_each_other(open_store: OpenStore) -> None:
    functions, relay = open_store(), open_store()
    await functions.create(new_interview())
    claimed = await relay.claim(ID, NOW)
    await relay.save_turn(ID, 1, new_turn(0))
    assert await functions.get(ID) == claimed
    await functions.end(ID, "candidate", NOW)
    assert (await relay.save_turn(ID, 1, new_turn(1))).over
    assert await functions.turns(ID) == [new_turn(0), new_turn(1)]


async def test_concurrent_claims_get_different_epochs(open_store: OpenStore) -> None:
    stores = [open_store(), open_store()]
    await stores[0].create(new_interview())
    claimed = await asyncio.gather(*(stores[number % 2].claim(ID, NOW) for number in range(20)))
    assert sorted(interview.live.epoch for interview in claimed) == list(range(1, 21))
    assert (await stores[0].get(ID)).live.epoch == 20


async def test_one_of_several_concurrent_ends_counts(open_store: OpenStore) -> None:
    stores = [open_store(), open_store()]
    await stores[0].create(new_interview())
    await stores[0].claim(ID, NOW)
    reasons: list[EndedReason] = ["candidate", "interviewer", "time_limit", "failed"]
    ended = await asyncio.gather(
        *(stores[n % 2].end(ID, reason, NOW + timedelta(seconds=n)) for n, reason in enumerate(reasons))
    )
    assert len({interview.ended_reason for interview in ended}) == 1
    assert [await stores[1].get(ID)] * 4 == ended


async def write_until_refused(store: Store) -> int:
    """Write turns one after the other; returns the number of successful writes."""
    number = 0
    while True:
        try:
            await store.save_turn(ID, 1, new_turn(number))
        except (Superseded, NotFound):
            return number
        number += 1
        # Without pauses SQLite's lock would never be free when a waiting process checks it, which it does now and then.
        await asyncio.sleep(0.002)


async def test_no_turn_of_an_old_epoch_follows_a_claim(open_store: OpenStore) -> None:
    """A turn is either stored before the claim returns, or refused."""
    old, new = open_store(), open_store()
    await old.create(new_interview())
    await old.claim(ID, NOW)

    async def take_over() -> tuple[Interview, int]:
        while not await new.turns(ID):
            pass
        return await new.claim(ID, NOW), len(await new.turns(ID))

    written, (claimed, seen) = await asyncio.gather(write_until_refused(old), take_over())
    assert claimed.live.epoch == 2
    assert written == seen == len(await new.turns(ID))


async def test_no_turn_outlives_a_deletion(open_store: OpenStore) -> None:
    relay, functions = open_store(), open_store()
    await relay.create(new_interview())
    await relay.claim(ID, NOW)

    async def delete() -> int:
        while not await functions.turns(ID):
            pass
        return await functions.delete(ID)

    written, deleted = await asyncio.gather(write_until_refused(relay), delete())
    assert written == deleted
    await functions.create(new_interview())
    assert await functions.turns(ID) == []


async def test_closing_a_store_does_not_affect_another(open_store: OpenStore) -> None:
    first, second = open_store(), open_store()
    await first.create(new_interview())
    await first.close()
    await first.close()
    assert await second.get(ID) == new_interview()


LIMITS = Limits(concurrent=4, daily=6, dollars=10)
MINUTE = timedelta(minutes=1)


async def test_a_place_is_taken_extended_charged_and_released(open_store: OpenStore) -> None:
    first, second = open_store(), open_store()
    until = NOW + 3 * MINUTE
    await first.admit("a", client="c", at=NOW, until=until, limits=LIMITS, invited=True)
    assert (await second.admissions()).places == {"a": Place("c", NOW, until, invited=True)}
    await second.extend_place("a", NOW + 25 * MINUTE, NOW + MINUTE, limits=LIMITS)
    await second.charge({"a": 1.25}, NOW + 2 * MINUTE)
    ledger = await first.admissions()
    assert ledger.places == {"a": Place("c", NOW, NOW + 25 * MINUTE, begun=True, invited=True)}
    assert ledger.accounts == {"a": Account(NOW + 2 * MINUTE, counted=True, dollars=1.25)}
    assert (ledger.day, ledger.today, ledger.invited, ledger.dollars) == (NOW.date().isoformat(), 1, 1, 1.25)
    for store in (first, second):
        await store.release_place("a")
    ledger = await second.admissions()
    assert (ledger.places, ledger.dollars) == ({}, 1.25)


async def test_a_refused_admission_changes_nothing(store: Store) -> None:
    full = replace(LIMITS, concurrent=0)
    for call in (
        store.admit("a", client="c", at=NOW, until=NOW + MINUTE, limits=full),
        store.extend_place("a", NOW + MINUTE, NOW, limits=full),
    ):
        with pytest.raises(AtCapacity):
            await call
    assert (await store.admissions()).places == {}


async def test_the_places_hold_with_concurrent_processes(open_store: OpenStore) -> None:
    stores = open_store(), open_store()

    async def admit(number: int) -> bool:
        try:
            await stores[number % 2].admit(
                f"s{number}", client=f"c{number}", at=NOW, until=NOW + 3 * MINUTE, limits=LIMITS
            )
        except AtCapacity:
            return False
        return True

    assert sum(await asyncio.gather(*(admit(number) for number in range(10)))) == 4


async def test_starts_are_counted_by_network_over_all_processes(open_store: OpenStore) -> None:
    first, second = open_store(), open_store()
    name = await first.count_start("192.0.2.1", NOW, hourly=2)
    assert await second.count_start("192.0.2.1", NOW + MINUTE, hourly=2) == name
    with pytest.raises(TooManyRequests) as refused:
        await first.count_start("192.0.2.1", NOW + 2 * MINUTE, hourly=2)
    assert refused.value.retry_after == 58 * 60
    assert await first.count_start("192.0.2.2", NOW + 2 * MINUTE, hourly=2) != name
    assert await second.count_start("192.0.2.1", NOW + 60 * MINUTE, hourly=2) == name
    tomorrow = await first.count_start("192.0.2.1", NOW + timedelta(days=1), hourly=2)
    assert tomorrow != name, "nobody can tell that it is the same network"
    assert await second.count_start("192.0.2.1", NOW + timedelta(days=1, minutes=1), hourly=2) == tomorrow


async def test_no_concurrent_start_is_lost(open_store: OpenStore) -> None:
    stores = open_store(), open_store()

    async def start(number: int) -> bool:
        try:
            at = NOW + timedelta(milliseconds=number)
            await stores[number % 2].count_start("192.0.2.1", at, hourly=5)
        except TooManyRequests:
            return False
        return True

    assert sum(await asyncio.gather(*(start(number) for number in range(10)))) == 5


async def test_the_switch_is_open_until_it_is_set(open_store: OpenStore) -> None:
    first, second = open_store(), open_store()
    assert await first.switch() == Switch(open=True)
    closed = Switch(open=False, end_live=True, message="Back on Monday.")
    await first.set_switch(closed)
    assert await second.switch() == closed
    await second.set_switch(Switch())
    assert await first.switch() == Switch()


async def test_uploads_of_cvs_are_counted_until_the_interview_is_live(store: Store) -> None:
    await store.create(new_interview())
    await store.count_cv(ID, 2)
    await store.count_cv(ID, 2)
    with pytest.raises(Conflict) as refused:
        await store.count_cv(ID, 2)
    assert refused.value.code == "too_many_cvs"
    await store.claim(ID, NOW)
    with pytest.raises(Conflict) as refused:
        await store.count_cv(ID, 9)
    assert refused.value.code == "already_live"


async def test_standings_say_how_many_interviews_stand(store: Store) -> None:
    other, gone = "b" * 32, "c" * 32
    await store.create(new_interview())
    await store.create(replace(new_interview(), session_id=other))
    await store.claim(ID, NOW)
    await store.claim(ID, NOW)
    await store.end(other, "candidate", NOW)
    found = await store.standings([ID, other, gone])
    assert found == {ID: Standing("live", 2), other: Standing("ended", 0, "candidate")}
    assert (found[ID].over, found[other].over) == (False, True)


async def test_a_claim_is_held_until_it_is_released(store: Store) -> None:
    await store.create(new_interview())
    assert (await store.claim(ID, NOW)).live.held
    ended = await store.end(ID, "candidate", NOW)
    assert ended.live.held, "the connection of the claim has not heard of the end"
    await store.release(ID, 1)
    assert not (await store.get(ID)).live.held


async def test_a_release_stores_the_handle_of_an_interview_that_goes_on(store: Store) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    await store.release(ID, 1, "handle")
    assert (await store.get(ID)).live.resumption_handle == "handle"
    await store.claim(ID, NOW)
    with pytest.raises(Superseded):
        await store.release(ID, 1)
    assert (await store.get(ID)).live.held, "by the newer connection"


async def test_the_end_by_its_own_connection_releases_the_claim(store: Store) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    await store.end(ID, "candidate", NOW)
    assert not (await store.end(ID, "candidate", NOW, epoch=1)).live.held
    assert not (await store.get(ID)).live.held


async def test_nothing_is_written_after_the_seal(store: Store) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    sealed = await store.seal(ID, NOW)
    assert (sealed.status, sealed.sealed_at, sealed.live.held) == ("ended", NOW, False)
    for write in (
        store.save_turn(ID, 1, new_turn(0)),
        store.touch(ID, 1, NOW),
        store.save_handle(ID, 1, "handle"),
        store.end(ID, "candidate", NOW, epoch=1),
    ):
        with pytest.raises(Superseded):
            await write
    with pytest.raises(AlreadyEnded):
        await store.claim(ID, NOW)
    with pytest.raises(NotFound):
        await store.save_summary(ID, SUMMARY)
    assert await store.seal(ID, NOW + timedelta(seconds=1)) == sealed
    assert await store.get(ID) == sealed
    assert await store.delete(ID) == 0


async def ended(store: Store, **changes: Any) -> Interview:
    """An interview with two turns, which has ended."""
    await store.create(new_interview(**changes))
    claimed = await store.claim(ID, NOW)
    await store.save_turn(ID, claimed.live.epoch, new_turn(0, speaker="interviewer"))
    await store.save_turn(ID, claimed.live.epoch, new_turn(1))
    return await store.end(ID, "interviewer", NOW, claimed.live.epoch)


async def due(store: Store, at: datetime) -> list[str]:
    return [interview.session_id for interview in await store.unwritten(at)]


MINUTE = timedelta(minutes=1)


async def test_a_summary_is_due_from_the_end_on_and_under_way_until_its_attempt_gives_up(store: Store) -> None:
    await ended(store)
    assert await due(store, NOW) == []
    assert await due(store, NOW + MINUTE) == [ID]
    begun = await store.begin_writing(ID, NOW + 3 * MINUTE, NOW)
    assert begun.writing == Writing(until=NOW + 3 * MINUTE, due_at=NOW + 3 * MINUTE)
    assert await store.get(ID) == begun
    assert await due(store, NOW + 3 * MINUTE) == []
    for at in (NOW, NOW + 2 * MINUTE):
        with pytest.raises(Conflict):
            await store.begin_writing(ID, NOW + 7 * MINUTE, at)
    assert await due(store, NOW + 4 * MINUTE) == [ID]
    second = await store.begin_writing(ID, NOW + 7 * MINUTE, NOW + 4 * MINUTE)
    assert second.writing == Writing(1, "internal", NOW + 7 * MINUTE, NOW + 7 * MINUTE)


async def test_a_failed_attempt_is_counted_once_and_the_next_one_is_due_later(store: Store) -> None:
    await ended(store)
    until = NOW + 3 * MINUTE
    await store.begin_writing(ID, until, NOW)
    failed = await store.fail_writing(ID, until, "model_blocked", NOW + MINUTE)
    assert failed.writing == Writing(1, "model_blocked", due_at=NOW + MINUTE, blocks=1)
    assert await store.fail_writing(ID, until, "model_blocked", NOW + MINUTE) == failed
    with pytest.raises(Conflict):
        await store.begin_writing(ID, until, NOW)
    await store.begin_writing(ID, NOW + 5 * MINUTE, NOW + MINUTE)
    given_up = await store.fail_writing(ID, NOW + 5 * MINUTE, "model_key")
    assert given_up.writing == Writing(2, "model_key", blocks=1)
    assert await due(store, NOW + timedelta(days=2)) == []
    with pytest.raises(Conflict):
        await store.begin_writing(ID, NOW + 9 * MINUTE, NOW + 6 * MINUTE)
    queued = await store.queue_summary(ID, NOW + 6 * MINUTE)
    assert queued.writing == Writing(due_at=NOW + 6 * MINUTE)
    assert await store.queue_summary(ID, NOW + 8 * MINUTE) == queued


async def test_of_two_attempts_at_once_one_begins(open_store: OpenStore) -> None:
    stores = [open_store() for _ in range(4)]
    await ended(stores[0])
    begun = await asyncio.gather(
        *(
            store.begin_writing(ID, NOW + MINUTE + timedelta(seconds=number), NOW)
            for number, store in enumerate(stores)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Interview) for one in begun) == 1
    assert sum(isinstance(one, Conflict) for one in begun) == 3


async def test_the_summary_of_an_attempt_counts_only_while_it_is_under_way(store: Store) -> None:
    await ended(store)
    until = NOW + MINUTE
    await store.begin_writing(ID, until, NOW)
    late = await store.save_summary(ID, SUMMARY, TextUsage(calls=1), NOW + 2 * MINUTE)
    assert (late.summary, late.usage.text.calls) == (None, 1), "its tokens are counted"
    completed = await store.save_summary(ID, SUMMARY, TextUsage(calls=1), until)
    assert (completed.status, completed.summary) == ("completed", SUMMARY)
    assert completed.writing == Writing()
    assert await store.get(ID) == completed
    assert await due(store, NOW + timedelta(days=2)) == []


async def test_the_first_rubric_is_kept(store: Store) -> None:
    await ended(store)
    rubric = Rubric(1, (Criterion("depth", "Depth", "Names trade-offs."),))
    kept = await store.save_rubric(ID, rubric)
    assert kept.rubric == rubric
    assert await store.save_rubric(ID, Rubric(2, ())) == await store.get(ID) == kept


async def test_an_attempt_by_a_clock_that_is_a_day_ahead_delays_no_other(store: Store) -> None:
    await ended(store)
    tomorrow = NOW + timedelta(days=1)
    await store.begin_writing(ID, tomorrow + MINUTE, tomorrow)
    assert await due(store, NOW) == [ID]
    begun = await store.begin_writing(ID, NOW + MINUTE, NOW)
    assert begun.writing is not None
    assert (begun.writing.until, begun.writing.attempts, begun.writing.code) == (NOW + MINUTE, 1, "internal")
    assert await due(store, NOW) == [], "this one is under way"
    stolen = await store.save_summary(ID, SUMMARY, None, tomorrow + MINUTE)
    assert stolen.summary is None, "the first attempt is not under way any more"


async def test_an_attempt_that_is_due_after_a_day_is_due_now(store: Store) -> None:
    await ended(store)
    await store.begin_writing(ID, NOW + MINUTE, NOW)
    await store.fail_writing(ID, NOW + MINUTE, "model_silent", NOW + timedelta(days=1))
    assert await due(store, NOW) == [ID]
    assert (await store.begin_writing(ID, NOW + 2 * MINUTE, NOW)).writing is not None


async def test_no_summary_is_due_of_an_interview_that_may_be_resumed(store: Store) -> None:
    await store.create(new_interview(max_duration_seconds=1500))
    await store.claim(ID, NOW)
    await store.abandon(ID, NOW + MINUTE)
    assert await due(store, NOW + 20 * MINUTE) == []
    assert await due(store, NOW + 26 * MINUTE) == [ID]
    resumed = await store.claim(ID, NOW + 20 * MINUTE)
    assert resumed.writing is None
    assert await due(store, NOW + 26 * MINUTE) == []


async def test_corrections_keep_both_texts_and_drop_the_summary_once(store: Store) -> None:
    await ended(store)
    await store.save_summary(ID, SUMMARY)
    at = NOW + MINUTE
    with pytest.raises(Invalid):
        await store.correct(ID, {0: "I am the interviewer."}, at)
    with pytest.raises(Invalid):
        await store.correct(ID, {7: "Nobody said this."}, at)
    assert (await store.get(ID)).status == "completed"
    corrected = await store.correct(ID, {1: "I said: a mutex."}, at)
    assert (corrected.status, corrected.summary, corrected.corrected_at) == ("ended", None, at)
    assert await store.get(ID) == corrected
    assert await store.turns(ID) == [
        new_turn(0, speaker="interviewer"),
        new_turn(1, corrected_text="I said: a mutex."),
    ]
    assert await due(store, at + MINUTE) == [ID]
    with pytest.raises(Conflict) as refused:
        await store.correct(ID, {1: "Once more."}, at + MINUTE)
    assert refused.value.code == "already_corrected"
    with pytest.raises(AlreadyEnded):
        await store.save_turn(ID, 1, new_turn(1))


@pytest.mark.parametrize("reason", ["failed", "candidate"])
async def test_a_correction_during_an_attempt_makes_its_summary_void(store: Store, reason: EndedReason) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    await store.save_turn(ID, 1, new_turn(1))
    with pytest.raises(Conflict) as refused:
        await store.correct(ID, {1: "Too early."}, NOW)
    assert refused.value.code == "not_ended"
    await store.end(ID, reason, NOW)
    await store.begin_writing(ID, NOW + MINUTE, NOW)
    corrected = await store.correct(ID, {1: "I said: a mutex."}, NOW)
    assert (await store.save_summary(ID, SUMMARY, None, NOW + MINUTE)) == corrected
    assert corrected.status == ("failed" if reason == "failed" else "ended")
    assert await due(store, NOW + MINUTE) == [ID]
