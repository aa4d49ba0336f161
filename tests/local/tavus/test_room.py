"""The room over its WebSocket."""

from local.tavus import Script, embedded
from tests.local.tavus.conftest import create, tone, visit


async def test_the_replica_speaks_what_it_is_sent() -> None:
    pcm = tone(0.5)
    async with embedded(Script(replica_delay=0.05)) as server:
        created = await create(server)
        async with visit(created) as visitor:
            await visitor.event("system.replica_joined")
            await visitor.say(pcm)
            await visitor.event("conversation.replica.stopped_speaking")
        assert visitor.sound == pcm + bytes(1920)
