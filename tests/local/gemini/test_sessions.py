"""Handles."""

from dataclasses import replace

import pytest

from local.gemini import interviewer
from local.gemini.briefing import Briefing
from local.gemini.sessions import Saved, Sessions
from local.gemini.tokens import Tokens
from local.gemini.wire import Hangup

SAVED = Saved("s", interviewer.begin(Briefing()), Tokens())


def test_handles_are_unique_and_the_oldest_are_dropped() -> None:
    sessions = Sessions()
    handles = [sessions.save(SAVED) for _ in range(1001)]
    assert len(set(handles)) == 1001
    assert sessions.resume(handles[-1]) == SAVED
    with pytest.raises(Hangup) as refused:
        sessions.resume(handles[0])
    assert refused.value.code == 1008


def test_one_connection_at_a_time() -> None:
    sessions = Sessions()
    sessions.connect("s")
    with pytest.raises(Hangup) as refused:
        sessions.connect("s")
    assert refused.value.code == 1011
    sessions.disconnect("s")
    sessions.connect("s")


def test_all_handles_of_a_session_lead_to_its_newest_state() -> None:
    sessions = Sessions()
    handle, other = sessions.save(SAVED), sessions.save(replace(SAVED, session="t"))
    later = replace(SAVED, tokens=Tokens(text=5))
    sessions.keep(later)
    assert sessions.resume(handle) == later
    assert sessions.resume(other).session == "t"
