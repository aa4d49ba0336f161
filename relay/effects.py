"""Carries out what the floor decides: each action is one call to a part of the session."""

from collections.abc import Callable

from interview import log
from relay.browser import messages
from relay.browser.outbox import Outbox
from relay.gemini.replay_buffer import ReplayBuffer
from relay.gemini.second_ear import SecondEar
from relay.gemini.supervisor import Supervisor
from relay.gemini.transcriber import Transcriber
from relay.outcome import Outcome, Over, Suspended
from relay.recorder import Recorder
from relay.speech.output import SpeechOutput
from relay.talk import actions
from relay.talk.floor import Floor
from relay.talk.utterances import Caption


class Effects:
    """What one session does by order of its floor."""

    def __init__(
        self,
        session_id: str,
        floor: Floor,
        *,
        outbox: Outbox,
        output: SpeechOutput,
        recorder: Recorder,
        replay: ReplayBuffer,
        supervisor: Supervisor,
        transcriber: Transcriber | None,
        second_ear: SecondEar | None,
        stop: Callable[[Outcome], None],
        estimate: Callable[[int], int | None],
    ) -> None:
        """`stop` ends the session. `estimate` returns about how many questions there will be, given the number of the
        present one; None: the page is shown no count.
        """
        self._session_id = session_id
        self._floor = floor
        self._outbox = outbox
        self._output = output
        self._recorder = recorder
        self._replay = replay
        self._supervisor = supervisor
        self._transcriber = transcriber
        self._second_ear = second_ear
        self._stop = stop
        self._estimate = estimate

    def perform(self) -> None:
        """Do what the floor has decided since the last call."""
        for action in self._floor.take_actions():
            if isinstance(action, actions.ToGemini):
                self._instruct(action)
            elif isinstance(action, actions.OfSpeech):
                self._play(action)
            elif isinstance(action, actions.OfTheInterview):
                self._conclude(action)
            else:
                self._tell(action)

    def _instruct(self, action: actions.ToGemini) -> None:
        """What concerns the connection to Gemini."""
        match action:
            case actions.Redial():
                self._supervisor.redial(action)
            case actions.Acknowledge(until, keep_from):
                self._replay.acknowledge(until, keep_from=keep_from)
            case _:
                self._supervisor.put(action)

    def _play(self, action: actions.OfSpeech) -> None:
        """What concerns the interviewer's speech."""
        match action:
            case actions.Begin(turn, delay_ms):
                if delay_ms is not None:
                    log.write("INFO", "answer_begun", session_id=self._session_id, delay_ms=delay_ms)
                self._output.begin(turn)
            case actions.Play(pcm):
                self._output.take(pcm)
            case actions.EndUtterance():
                self._output.end()
            case actions.Cut():
                self._output.cut()
            case actions.Played():
                self._output.played()

    def _conclude(self, action: actions.OfTheInterview) -> None:
        """What concerns the record and the end."""
        match action:
            case actions.Keep(turn, began, ended):
                self._recorder.keep(turn)
                if self._second_ear and turn.speaker == "candidate" and turn.source == "speech":
                    self._second_ear.put(turn, self._replay.clip(began, ended))
            case actions.Unwritten(turn, began, ended):
                self._recorder.keep(turn)
                if self._transcriber:
                    self._transcriber.put(turn, self._replay.clip(began, ended))
            case actions.Note(event, fields):
                log.write("WARNING", event, session_id=self._session_id, **fields)
            case actions.End(reason):
                self._stop(Over(reason))
            case actions.Suspend():
                self._stop(Suspended())

    def _tell(self, action: actions.ForThePage) -> None:
        """What the page is told."""
        match action:
            case Caption(number, speaker, text, final, doubt, answer_id):
                self._outbox.text(
                    messages.caption(number, speaker, text, final=final, doubt=doubt, answer_id=answer_id)
                )
            case actions.Ask(number):
                if about := self._estimate(number):
                    self._outbox.text(messages.question(number, about))
            case actions.GiveFloor(holder):
                self._outbox.text(messages.floor(holder))
            case actions.ShowHearing(state):
                self._outbox.text(messages.hearing(state))
            case actions.Notify(code, message):
                self._outbox.text(messages.notice(code, message))
