"""The stand-in of Tavus: its REST API, its webhooks, and a room in which its replica speaks.

    the API      rest         personas, replicas, conversations, over HTTP; errors as Tavus words them
                 account      what is known under one key, and its limits
                 schema       what a request may hold
                 webhooks     what the callback address is told
    the room     conversation when it begins, who is in it, why it ends, what it costs
                 room, seat   the WebSocket of one participant, and what waits for it
                 replica      speaks what it is sent, in real time; echo: what it is sent
    driving it   script       limits, delays, failures; faults counts them
                 control      failures at run time; report: what was seen; clock: time that can be moved

A test has it in its own event loop: `async with embedded(Script(...)) as server`. As a process it is
`python -m local.tavus`. Nothing outside of `local/` and the tests knows that it exists: it is reached by
`TAVUS_BASE_URL`. The room is no Daily room: the page has a room of its own for it.
"""

from local.tavus.script import Fault, Script
from local.tavus.server import Server, embedded

__all__ = ["Fault", "Script", "Server", "embedded"]
