"""What the browser and Gemini send, as evidence for the floor."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Final

from websockets.asyncio.server import ServerConnection

from interview.errors import BadMessage, TooFast
from interview.usage import LiveUsage
from relay.browser import messages
from relay.browser.outbox import Outbox
from relay.browser.pacing import Pace
from relay.gemini import events
from relay.microphone import Microphone
from relay.recorder import Recorder
from relay.speech.avatar_conversation import AvatarConversation
from relay.speech.output import SpeechOutput
from relay.talk import candidate, interviewer
from relay.talk.floor import Floor
from relay.typed import TypedAnswers

_ODD: Final = "Audio must be whole 16-bit samples."


class BrowserInbox:
    """Frames of the microphone, typed answers and other messages of one connection of the page."""

    def __init__(
        self,
        browser: ServerConnection,
        floor: Floor,
        *,
        pace: Pace,
        outbox: Outbox,
        output: SpeechOutput,
        microphone: Microphone,
        room: AvatarConversation,
        taken: TypedAnswers,
        perform: Callable[[], None],
        time: Callable[[], float],
    ) -> None:
        """`pace` limits what the page sends; `taken` are the typed answers of earlier connections; `perform`
        carries out what the floor decides; `time` is the floor's, in seconds.
        """
        self._browser = browser
        self._floor = floor
        self._pace = pace
        self._outbox = outbox
        self._output = output
        self._microphone = microphone
        self._room = room
        self._taken = taken
        self._perform = perform
        self._time = time

    async def read(self) -> None:
        """Take frames and messages until the browser has closed the connection. Raises BadMessage, TooFast."""
        async for frame in self._browser:
            if isinstance(frame, bytes):
                if len(frame) % 2:
                    raise BadMessage(_ODD)
                now = self._time()
                if refused := self._pace.sound(len(frame), now):
                    self._refuse(refused)
                    continue
                await self._microphone.take(frame, now)
            else:
                self._receive(messages.parse(frame))

    def _receive(self, message: messages.ClientMessage) -> None:
        now = self._time()
        if isinstance(message, messages.Text):
            self._take_answer(message.text, message.id, now)
        else:
            if refused := self._pace.control(now):
                self._refuse(refused)
            self._obey(message, now)
        self._perform()

    def _take_answer(self, text: str, answer_id: str, now: float) -> None:
        """Take a typed answer. One that is refused goes back to the page, also when the connection is then closed. One
        that was taken before is confirmed again.
        """
        if confirmed := self._taken.caption(answer_id):
            if refused := self._pace.control(now):
                self._refuse(refused)
            self._outbox.text(confirmed)
            return
        try:
            refused = self._pace.answer(len(text), now)
        except TooFast as error:
            self._refuse(error.detail, text, answer_id)
            raise
        if refused:
            self._refuse(refused, text, answer_id)
        elif candidate.typed(self._floor, text, now, answer_id=answer_id or None):
            self._taken.add(answer_id, self._floor.turns.newest, text)

    def _refuse(self, sentence: str, text: str = "", answer_id: str = "") -> None:
        """Tell the page that something was too fast. It gets the text of a typed answer back: none is lost."""
        self._outbox.text(messages.notice("too_fast", sentence, text, answer_id))

    def _obey(self, message: messages.ClientMessage, now: float) -> None:
        """Carry out a message other than an answer."""
        match message:
            case messages.Played():
                if self._output.plays_in_page:
                    candidate.played(self._floor, now)
            case messages.ChangeOutput(mode):
                self._output.choose(mode)
            case messages.Avatar():
                self._hear_of_room(message, now)
            case messages.Mute(on):
                self._microphone.muted = on
            case messages.Hold(on):
                candidate.hold(self._floor, on=on, now=now)
            case messages.Done():
                candidate.done(self._floor, now)
            case messages.End():
                candidate.end(self._floor, "candidate", now)
            case messages.Hello():
                raise BadMessage("There was a hello already.")

    def _hear_of_room(self, told: messages.Avatar, now: float) -> None:
        match told.state:
            case "ready":
                self._room.page_joined(told.max_message_bytes)
            case "lost":
                self._room.page_left()
                self._output.lost(told.reason)
            case "speaking":
                self._output.speaking()
            case "silent":
                if self._output.silent():
                    candidate.played(self._floor, now)


class GeminiInbox:
    """Sound and events of the connections to Gemini."""

    def __init__(
        self,
        floor: Floor,
        *,
        output: SpeechOutput,
        recorder: Recorder,
        check_budget: Callable[[], None],
        perform: Callable[[], None],
        time: Callable[[], float],
    ) -> None:
        """`check_budget` is called when Gemini has cost more; `perform` and `time` are those of the browser's inbox."""
        self._floor = floor
        self._output = output
        self._recorder = recorder
        self._check_budget = check_budget
        self._perform = perform
        self._time = time

    def take_audio(self, pcm: bytes) -> None:
        """Take the interviewer's voice. Called for every message, so it does as little as possible."""
        if interviewer.audio(self._floor, pcm, self._time()):
            self._output.take(pcm)
        else:
            self._perform()

    def follow(self, event: events.Event) -> None:
        """Take an event: everything but the voice."""
        floor, now = self._floor, self._time()
        match event:
            case events.Transcribed(text):
                interviewer.transcribed(floor, text, now)
            case events.Said(text):
                interviewer.said(floor, text, now)
            case events.Interrupted():
                interviewer.interrupted(floor, now)
            case events.Generated():
                interviewer.generated(floor, now)
            case events.Completed(reason):
                interviewer.complete(floor, now, reason=reason)
            case events.Called(call_id, name, arguments):
                interviewer.called(floor, call_id, name, arguments, now)
            case events.Used():
                self._recorder.count(LiveUsage(turns=1, **asdict(event)))
                self._check_budget()
            case _:
                pass
        self._perform()
