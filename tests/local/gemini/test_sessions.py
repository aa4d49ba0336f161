"""Handles."""

import pytest

from local.gemini import interviewer
from local.gemini.briefing import Briefing
from local.gemini.sessions import Saved, Sessions
from local.gemini.wire import Hangup

SAVED = Saved("s", interviewer.begin(Briefing()), 0)


def test_every_handle_is_new_and_the_oldest_are_forgotten() -> None:
    sessions = Sessions()
    handles = [sessions.save(SAVED) for _ in range(1001)]
    assert len(set(handles)) == 1001
    assert sessions.resume(handles[-1]) == SAVED
    with pytest.raises(Hangup) as refused:
        sessions.resume(handles[0])
    assert refused.value.code == 1007


def test_one_connection_at_a_time() -> None:
    sessions = Sessions()
    sessions.connect("s")
    with pytest.raises(Hangup) as refused:
        sessions.connect("s")
    assert refused.value.code == 1011
    sessions.disconnect("s")
    sessions.connect("s")
