"""The room over its WebSocket: who may join, and what the replica says."""

import asyncio
import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from local.tavus.replica import HELD
from tests.local.tavus.conftest import (
    PIECE,
    QUICK,
    REPLICA,
    Json,
    Start,
    Visitor,
    create,
    echo,
    eventually,
    refused,
    tone,
    visit,
)

USER = f"tavus-replica-{REPLICA}"


async def utterance(visitor: Visitor) -> list[Json]:
    """The events of the next utterance: started and stopped, each under both names."""
    before = len(visitor.messages)
    await visitor.event("conversation.replica.stopped_speaking")
    return [one["data"] for one in visitor.messages[before:] if one["type"] == "app-message"]


async def test_the_replica_joins_a_waiting_participant(start: Start) -> None:
    server = await start(replace(QUICK, replica_delay=60.0, max_app_message_size=8192))
    async with visit(await create(server)) as visitor:
        assert await visitor.take() == {"type": "joined", "max_app_message_size": 8192, "participants": []}
        server.advance(60)
        joined = await visitor.event("system.replica_joined")
        assert visitor.messages[1:-1] == [
            {"type": "participant-joined", "user_id": USER},
            {"type": "track-started", "kind": "video"},
            {"type": "track-started", "kind": "audio"},
        ]
        assert joined["conversation_id"] == visitor.conversation_id
        assert joined["message_type"] == "system"


async def test_a_later_participant_finds_the_replica_there(start: Start) -> None:
    server = await start()
    created = await create(server)
    await eventually(lambda: server.inspect()["conversations"][0]["replica_present"])
    async with visit(created) as visitor:
        await visitor.event("system.replica_present")
        assert visitor.messages[:-1] == [
            {"type": "joined", "max_app_message_size": None, "participants": [{"user_id": USER}]},
            {"type": "track-started", "kind": "video"},
            {"type": "track-started", "kind": "audio"},
        ]


async def test_echoed_audio_is_spoken_byte_for_byte_in_real_time(start: Start) -> None:
    server = await start()
    pcm = tone(0.5)
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        await visitor.say(pcm, "first")
        events = await utterance(visitor)
        assert visitor.sound == pcm + bytes(PIECE)
    assert [one["event_type"] for one in events] == [
        "conversation.started_speaking",
        "conversation.replica.started_speaking",
        "conversation.stopped_speaking",
        "conversation.replica.stopped_speaking",
    ]
    started, old_started, stopped, old_stopped = events
    assert started["properties"] == {"role": "replica"}
    assert "properties" not in old_started
    assert stopped["properties"] == {"role": "replica", "duration": 0.54, "interrupted": False}
    assert old_stopped["properties"] == {"duration": 0.54, "interrupted": False}
    assert stopped["timestamp"] - started["timestamp"] > 0.5
    assert [one["seq"] for one in events] == [*range(started["seq"], started["seq"] + 4)]
    assert {one["turn_idx"] for one in events} == {0}
    # The MD5 of "first", as a UUID.
    assert {one["inference_id"] for one in events} == {"8b04d5e3-775d-298e-7845-5efc5ca404d5"}
    (seen,) = server.inspect(audio=True)["conversations"][0]["utterances"]
    assert base64.b64decode(seen["audio"]) == pcm + bytes(PIECE)
    assert (seen["inference_id"], seen["pieces"], seen["bytes"]) == ("first", 14, len(pcm) + PIECE)
    assert seen["done"]
    assert not seen["cut"]


async def test_utterances_are_spoken_one_after_another(start: Start) -> None:
    server = await start()
    first, second = tone(0.2), bytes(reversed(tone(0.12)))
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        await visitor.say(first, "first")
        await visitor.say(second, "second")
        ids = {one["inference_id"] for one in await utterance(visitor)}
        assert visitor.sound == first + bytes(PIECE)
        ids |= {one["inference_id"] for one in await utterance(visitor)}
        assert visitor.sound == first + bytes(PIECE) + second + bytes(PIECE)
        assert len(ids) == 2


async def test_speech_may_come_slower_than_it_is_spoken(start: Start) -> None:
    server = await start()
    pcm = tone(0.48)
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        await visitor.say(pcm[: len(pcm) // 2], done=False)
        await visitor.received(len(pcm) // 2 - HELD)
        await visitor.say(pcm[len(pcm) // 2 :])
        await utterance(visitor)
        assert visitor.events.count("conversation.started_speaking") == 1, "a pause is not an end"
        assert visitor.sound == pcm + bytes(PIECE)


async def test_without_done_the_tail_is_cut(start: Start) -> None:
    server = await start(replace(QUICK, echo_timeout=0.5))
    pcm = tone(0.4)
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        await visitor.say(pcm, done=False)
        events = await utterance(visitor)
        assert visitor.sound == pcm[:-HELD]
    assert events[-1]["properties"] == {"duration": 0.2, "interrupted": False}
    (seen,) = server.inspect()["conversations"][0]["utterances"]
    assert seen["cut"]
    assert seen["bytes"] == len(pcm)


async def test_an_interrupt_stops_the_replica_and_drops_its_queue(start: Start) -> None:
    server = await start()
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        await visitor.say(tone(2), "first")
        await visitor.say(tone(2), "second")
        await visitor.received(PIECE)
        await visitor.interrupt()
        stopped = await visitor.event("conversation.replica.stopped_speaking")
        assert stopped["properties"]["interrupted"]
        assert len(visitor.sound) < len(tone(2))
        spoken = len(visitor.sound)
        await visitor.say(tone(0.08), "third")
        third = await utterance(visitor)
        assert visitor.sound[spoken:] == tone(0.08) + bytes(PIECE)
        assert not third[-1]["properties"]["interrupted"]
    seen = server.inspect()["conversations"][0]
    assert seen["interrupts"] == 1
    assert [(one["inference_id"], one["interrupted"]) for one in seen["utterances"]] == [
        ("first", True),
        ("second", True),
        ("third", False),
    ]
    assert seen["utterances"][1]["spoken_seconds"] == 0


async def test_audio_that_arrives_after_an_interrupt_is_spoken(start: Start) -> None:
    server = await start()
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        await visitor.say(tone(1), "first", done=False)
        await visitor.received(PIECE)
        await visitor.interrupt()
        await utterance(visitor)
        spoken = len(visitor.sound)
        await visitor.say(tone(0.04), "first")
        await utterance(visitor)
        assert visitor.sound[spoken:] == tone(0.04) + bytes(PIECE)
    assert len(server.inspect()["conversations"][0]["utterances"]) == 2


async def test_an_interrupt_of_a_silent_replica_changes_nothing(start: Start) -> None:
    server = await start()
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        await visitor.interrupt()
        await visitor.say(tone(0.04))
        assert len(await utterance(visitor)) == 4


async def test_an_echo_sent_before_the_replica_has_joined_is_lost(start: Start) -> None:
    server = await start(replace(QUICK, replica_delay=60.0))
    async with visit(await create(server)) as visitor:
        await visitor.say(tone(0.08), "early")
        await eventually(lambda: server.inspect()["conversations"][0]["echoes_lost"] == 3)
        server.advance(60)
        await visitor.ready()
        await visitor.say(tone(0.04), "late")
        await utterance(visitor)
        assert visitor.sound == tone(0.04) + bytes(PIECE)
    (seen,) = server.inspect()["conversations"][0]["utterances"]
    assert seen["inference_id"] == "late"


async def test_another_rate_is_resampled_to_the_rooms_rate(start: Start) -> None:
    server = await start()
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        event = echo(visitor.conversation_id, tone(0.08, 16_000), done=True)
        del event["properties"]["sample_rate"]
        await visitor.send(event)
        events = await utterance(visitor)
        assert events[-1]["properties"]["duration"] == 0.08
        assert len(visitor.sound) == len(tone(0.08))
    assert server.inspect()["conversations"][0]["utterances"][0]["sample_rate"] == 16_000


async def test_without_an_id_each_message_is_an_utterance(start: Start) -> None:
    server = await start()
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        for _ in range(2):
            event = echo(visitor.conversation_id, tone(0.04), done=True)
            del event["properties"]["inference_id"]
            await visitor.send(event)
        first, second = (await utterance(visitor))[0], (await utterance(visitor))[0]
        assert first["inference_id"] != second["inference_id"]


async def test_events_can_use_the_replicas_new_name(start: Start) -> None:
    server = await start(replace(QUICK, role="pal", replica_delay=60.0))
    async with visit(await create(server)) as visitor:
        await visitor.kind("joined")
        server.advance(60)
        await visitor.ready()
        assert visitor.events == ["system.pal_joined", "system.replica_joined"]
        await visitor.say(tone(0.04))
        assert (await utterance(visitor))[0]["properties"] == {"role": "pal"}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"message_type": "chat"}, "no conversation event"),
        ({"conversation_id": "c1"}, "of another conversation"),
        ({"event_type": "conversation.respond"}, "event 'conversation.respond'"),
        ({"properties": None}, "an echo without properties"),
        ({"properties": {"text": "Hello"}}, "text: the stand-in has no voice of its own"),
        ({"properties": {"modality": "audio", "audio": "?"}}, "audio that is not base64"),
        ({"properties": {"modality": "audio", "audio": "AAAA"}}, "half a sample"),
        ({"properties": {"modality": "audio", "audio": "AAA=", "sample_rate": 0}}, "no sample rate"),
        (
            {"properties": {"modality": "audio", "audio": "AAA=", "done": "true"}},
            "an inference_id or a done of the wrong type",
        ),
    ],
)
async def test_other_messages_are_ignored(start: Start, changes: dict[str, Any], why: str) -> None:
    server = await start()
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        await visitor.send({**echo(visitor.conversation_id, tone(0.04)), **changes})
        await eventually(lambda: server.inspect()["conversations"][0]["unheard"])
    assert server.inspect()["conversations"][0]["unheard"] == [why]
    assert server.inspect()["conversations"][0]["utterances"] == []


@pytest.mark.parametrize("limit", [None, 8192])
async def test_a_message_over_the_limit_ends_the_connection(start: Start, limit: int | None) -> None:
    server = await start(replace(QUICK, max_app_message_size=limit))
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        event = echo(visitor.conversation_id, b"")
        room = (limit or 4096) - len(json.dumps(event, separators=(",", ":")))
        event["properties"]["audio"] = "A" * (room // 8 * 8)
        event["properties"]["inference_id"] += "x" * (room % 8)
        await visitor.send(event)
        await eventually(lambda: server.inspect()["conversations"][0]["utterances"])
        event["properties"]["inference_id"] += "x"
        await visitor.send(event)
        assert await visitor.closed() == 1009
    seen = server.inspect()["conversations"][0]
    assert seen["too_large"] == [(limit or 4096) + 1]
    assert seen["status"] == "active"


@pytest.mark.parametrize("frame", ["no json", "[]", '{"type": "wave"}', '{"type": "app-message"}', b"\0\0"])
async def test_a_frame_that_is_not_a_message_ends_the_connection(start: Start, frame: str | bytes) -> None:
    async with visit(await create(await start())) as visitor:
        await visitor.connection.send(frame)
        assert await visitor.closed() == 1008


async def test_who_may_join_a_room(start: Start) -> None:
    server = await start()
    created = await create(server)
    assert await refused(created, "another") == 403
    assert await refused(created, "") == 403
    assert await refused({**created, "conversation_url": f"{server.origin}/rooms/c1"}) == 403
    async with visit(created) as visitor:
        await visitor.kind("joined")
        assert await refused(created) == 403, "the replica and one participant are the most"
    await eventually(lambda: not server.inspect()["conversations"][0]["participants"])
    async with visit(created) as visitor:
        await visitor.kind("joined")


async def test_anybody_may_join_an_open_room(start: Start) -> None:
    server = await start()
    created = await create(server, require_auth=False, max_participants=3)
    async with visit(created) as first:
        await first.ready()
        async with visit(created) as second:
            others = (await second.kind("joined"))["participants"]
            assert len(others) == 2
            assert {"user_id": USER} in others
            joined = await first.kind("participant-joined")
            await first.say(tone(0.08))
            for visitor in (first, second):
                await utterance(visitor)
                assert visitor.sound == tone(0.08) + bytes(PIECE)
        assert (await first.kind("participant-left"))["user_id"] == joined["user_id"]


async def test_conversations_do_not_hear_each_other(start: Start) -> None:
    server = await start()
    async with visit(await create(server)) as first, visit(await create(server)) as second:
        for visitor, seconds in ((first, 0.2), (second, 0.3)):
            await visitor.ready()
            await visitor.say(tone(seconds))
        for visitor, seconds in ((first, 0.2), (second, 0.3)):
            await utterance(visitor)
            assert visitor.sound == tone(seconds) + bytes(PIECE)


async def test_a_participant_that_does_not_read_is_cut_off(start: Start) -> None:
    server = await start()
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        (conversation,) = server.conversations
        visitor.connection.transport.pause_reading()
        while conversation.participants:
            conversation.sound(bytes(65536))
            await asyncio.sleep(0)
        visitor.connection.transport.abort()
    assert server.inspect()["conversations"][0]["participants"] == 0


async def test_a_participant_that_disconnects_leaves_nothing_behind(start: Start) -> None:
    server = await start()
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        await visitor.say(tone(0.4))
        await visitor.received(PIECE)
        visitor.connection.transport.abort()
    await eventually(lambda: not server.inspect()["conversations"][0]["participants"])
    await eventually(lambda: server.inspect()["conversations"][0]["utterances"][0]["over"])
