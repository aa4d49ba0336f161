"""The stand-in of Tavus: its REST API, its webhooks, and a room in which its replica speaks.

    the API      rest         personas, replicas, conversations, over HTTP; errors in Tavus's words
                 account      everything under one key, and its limits
                 schema       what a request may contain
                 webhooks     events sent to the callback address
    the room     conversation its beginning, participants, end and cost
                 room         one participant's WebSocket; participant: the frames that wait for it
                 replica      speaks in real time; echo: the messages that it speaks
    driving it   script       limits, delays, faults; faults: which one is next
                 control      faults at run time; report: what happened; clock: time that a test can advance

A test runs it in its own event loop: `async with embedded(Script(...)) as server`. As a process it is
`python -m local.tavus`. Nothing outside of `local/` and the tests imports it: the rest reaches it by
`TAVUS_BASE_URL`. Its room is not Daily's: the page has a client of its own for it.
"""

from local.tavus.script import Fault, Script
from local.tavus.server import Server, embedded

__all__ = ["Fault", "Script", "Server", "embedded"]
