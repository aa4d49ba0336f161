"""Where the interviewer's voice goes: through the avatar's room, or straight to the page; and what was heard of it.

Each utterance has one way. The ladder (docs/decisions/0020-ladder.md):
- avatar: while the candidate wants it and the room is ready;
- held: the room is still awaited, at most `HOLD` seconds from the hello on; then voice;
- voice: else. It takes over in the middle of an utterance when the room is lost, from the last pause that was surely
  heard, so that no sentence is lost and none said twice. Upwards it goes with the next utterance.
"""

from collections.abc import Callable
from typing import Final, Literal, Protocol

from interview.record import Output
from relay.browser import messages
from relay.browser.outbox import MAX_AUDIO, Outbox, Sound
from relay.speech.level import is_loud
from relay.speech.tavus_echo import TavusEcho

HOLD: Final = 10.0
"""Seconds from the hello for which what is said waits for the avatar."""
MUTE: Final = 8.0
"""Seconds from the first sound that the avatar was sent to its speaking, after which it counts as lost."""
HEARD_GRACE: Final = 10.0
"""Seconds beyond the length of what was sent after which it counts as heard."""
LAG: Final = 0.5
FROZEN_LAG: Final = 3.5
"""Seconds of what seems to have been heard that may have been lost before anyone noticed."""
_SECOND: Final = 2 * messages.VOICE_RATE
_STEP: Final = _SECOND // 50
"""Bytes of 20 ms."""
_PAUSE: Final = 7
"""Steps of quiet in a row that are a pause between sentences, or as good as one."""
_FRAME: Final = _SECOND // 10
"""Bytes of a frame of what is said again by voice."""

Reason = messages.Loss | Literal["ready", "late", "mute"]

WORDS: Final[dict[Reason, str]] = {
    "ready": "The interviewer is back on video.",
    "room": "The video was lost. The interviewer goes on by voice.",
    "shutdown": "The video has ended. The interviewer goes on by voice.",
    "frozen": "The video stood still. The interviewer goes on by voice.",
    "autoplay": "Your browser has not started the video. The interviewer goes on by voice.",
    "bandwidth": "Your connection is too slow for video. The interviewer goes on by voice.",
    "replica": "The video was lost. The interviewer goes on by voice.",
    "late": "The video is not there yet. The interviewer begins by voice.",
    "mute": "The video has no sound. The interviewer goes on by voice.",
}
"""What the candidate is told of each step. Of their own choice they know."""


class Record(Protocol):
    """Where the steps of the ladder are written down."""

    def __call__(self, output: Output, reason: Reason) -> None: ...


class SpeechOutput:
    """The way of the interviewer's voice (PCM16 mono 24 kHz) to one candidate. Nothing in here waits for anything.

    `time` is a monotonic clock in seconds; `record` is told of each step down or up.
    """

    def __init__(
        self, outbox: Outbox, *, wanted: Output, expected: bool, time: Callable[[], float], record: Record
    ) -> None:
        """`expected`: there is a room, and the avatar is on its way into it."""
        self._outbox = outbox
        self._wanted = wanted
        self._time = time
        self._record = record
        self._echo: TavusEcho | None = None
        self._fallen: Reason | None = None
        """Why it goes by voice although the avatar is wanted."""
        self._stale = False
        """The avatar may still be saying what has long been said by voice."""
        self._hold_until: float | None = time() + HOLD if wanted == "avatar" and expected else None
        self._route: Literal["voice", "avatar", "held"] = "voice"
        self._turn: int | None = None
        self._complete = True
        """All of the utterance has come in."""
        self._kept = bytearray()
        """The utterance, for as long as the avatar may fail to say it; its newest `MAX_AUDIO` bytes."""
        self._dropped = 0
        self._began = 0.0
        self._sent = 0
        self._sounded_at: float | None = None
        """When the avatar was sent the utterance's first sound, if it has not said a word of it."""
        self._speaking_since: float | None = None
        self._spoken = 0.0
        """Seconds for which the avatar has spoken of this utterance, until it last fell silent."""

    @property
    def output(self) -> Output:
        """Where the next utterance goes, or where it will wait."""
        return "avatar" if self._wanted == "avatar" and (self._echo or self._hold_until is not None) else "voice"

    @property
    def by_page(self) -> bool:
        """The page plays the utterance itself: its word counts when it says that it has played."""
        return self._route == "voice"

    @property
    def heard_by(self) -> float:
        """When what has been said so far must have been heard, by the clock."""
        return self._began + self._sent / _SECOND + HEARD_GRACE

    # From the conversation

    def begin(self, turn: int) -> None:
        """The interviewer begins to speak."""
        self._turn = turn
        self._complete = False
        self._forget()
        self._began, self._sent = self._time(), 0
        if self._wanted == "avatar" and self._echo:
            self._route = "avatar"
            self._begin_echo(self._echo)
        else:
            self._route = "held" if self.output == "avatar" else "voice"

    def take(self, pcm: bytes) -> None:
        """The voice itself, frame by frame."""
        self._sent += len(pcm)
        if self._route == "voice":
            self._outbox.audio(pcm)
            return
        self._keep(pcm)
        if self._route == "avatar":
            self._sound(pcm)

    def end(self) -> None:
        """All of the utterance has come."""
        self._complete = True
        if self._route != "held":
            self._finish()

    def cut(self) -> None:
        """The candidate is heard instead: silence at once, and nothing of the utterance after it."""
        self._outbox.drop_audio()
        if self._route == "avatar" and self._echo:
            self._outbox.text(self._echo.interrupt())
        if self._turn is not None:
            self._outbox.text(messages.interrupted(self._turn))
        self._forget()
        self._complete = True

    def heard(self) -> None:
        """The utterance is over and has been heard: nothing of it need be kept."""
        self._forget()

    # From the room

    def ready(self, conversation_id: str, max_message_bytes: int | None = None) -> None:
        """The avatar is in the room, and speaks from now on, unless somebody is speaking by voice already."""
        echo = TavusEcho(conversation_id, max_message_bytes)
        if not echo.size:
            self.lost("bandwidth")
            return
        again = self._echo is not None
        self._echo = echo
        self._hold_until = None
        if self._wanted != "avatar":
            return
        fallen, self._fallen = self._fallen, None
        self._stale = again or fallen is not None
        if not again or fallen:
            self._record("avatar", "ready")
        if fallen:
            self._outbox.text(messages.notice("avatar_back", WORDS["ready"]))
        if self._route == "held" or (self._route == "avatar" and again):
            self._say_through(echo)

    def lost(self, reason: Reason) -> None:
        """The avatar can't be seen or heard any more."""
        expected = self._echo is not None or self._hold_until is not None
        if reason == "mute" and self._echo:
            self._outbox.text(self._echo.interrupt())  # it may find its tongue
        self._echo = None
        self._hold_until = None
        if self._wanted == "avatar" and expected:
            self._fall(reason)

    def choose(self, output: Output) -> None:
        """The candidate's own wish. Down at once, up with the next utterance."""
        if output == self._wanted:
            return
        self._wanted = output
        if output == "voice":
            self._hold_until = None
            self._fallen = None
            self._record("voice", "candidate")
            self._go_on_by_voice(LAG)
        elif self._echo:
            self._record("avatar", "candidate")

    def speaking(self) -> None:
        """The avatar's lips move."""
        if self._route == "avatar" and self._speaking_since is None:
            self._speaking_since = self._time()
            if self._sounded_at is not None:
                self._sounded_at = None
                self._began = self._speaking_since

    def silent(self) -> bool:
        """They have come to rest. Returns whether with that the utterance has been heard to its end."""
        if self._route != "avatar" or self._speaking_since is None:
            return False  # of an utterance before this one
        self._spoken += self._time() - self._speaking_since
        self._speaking_since = None
        return self._complete

    def tick(self) -> None:
        """Called a few times a second while there is an avatar."""
        now = self._time()
        if self._hold_until is not None and now > self._hold_until:
            self.lost("late")
        if self._sounded_at is not None and now > self._sounded_at + MUTE:
            self.lost("mute")
        if self._route == "avatar" and self._echo:
            self._pass(self._echo.pending())

    # The ladder

    def _fall(self, reason: Reason) -> None:
        self._fallen = reason
        self._record("voice", reason)
        if reason in WORDS:
            self._outbox.text(messages.notice("avatar_lost", WORDS[reason]))
        self._go_on_by_voice(FROZEN_LAG if reason == "frozen" else LAG)

    def _go_on_by_voice(self, lag: float) -> None:
        """The rest of the utterance, from the last pause that was heard `lag` seconds ago."""
        route, self._route = self._route, "voice"
        if route == "voice":
            return
        self._outbox.drop_audio()
        if route == "avatar" and self._echo:
            self._outbox.text(self._echo.interrupt())
        spoken = self._spoken + (self._time() - self._speaking_since if self._speaking_since is not None else 0.0)
        heard = round((spoken - lag) * messages.VOICE_RATE) * 2 - self._dropped
        unheard = bool(self._kept)
        rest = bytes(self._kept[last_pause(self._kept, heard) :])
        if self._complete and spoken * _SECOND >= self._sent:
            rest = b""  # the last word is out
        self._forget()
        self._began, self._sent = self._time(), len(rest)
        for at in range(0, len(rest), _FRAME):
            self._outbox.audio(rest[at : at + _FRAME])
        if unheard and self._complete:
            self._finish()

    def _say_through(self, echo: TavusEcho) -> None:
        """What was held, or what the avatar that came back has not begun to say."""
        if self._speaking_since is not None or self._spoken:
            # It had begun: what is under way goes on by voice, and the avatar is back with the next utterance.
            self._go_on_by_voice(LAG)
            return
        self._outbox.drop_audio()
        self._route = "avatar"
        self._began = self._time()
        self._begin_echo(echo)
        if self._kept:
            self._sound(bytes(self._kept))
        if self._kept and self._complete:
            self._finish()

    def _begin_echo(self, echo: TavusEcho) -> None:
        """What is stale is silenced here and no earlier: an echo message has the page let the room be heard, and until
        now it may have been playing the voice.
        """
        if self._stale:
            self._outbox.text(echo.interrupt())
            self._stale = False
        echo.begin()

    def _sound(self, pcm: bytes) -> None:
        if self._echo:
            if self._sounded_at is None and not self._spoken and self._speaking_since is None:
                self._sounded_at = self._time()
            self._pass(self._echo.add(pcm))

    def _pass(self, messages: list[str]) -> None:
        for message in messages:
            self._outbox.audio(Sound(message))

    def _finish(self) -> None:
        if self._route == "avatar" and self._echo:
            *rest, last = self._echo.finish()
            self._pass(rest)
            self._outbox.text(last)  # without it the avatar would wait for more
        if self._turn is not None:
            self._outbox.text(messages.spoken(self._turn))

    def _keep(self, pcm: bytes) -> None:
        self._kept += pcm
        if len(self._kept) > MAX_AUDIO:
            over = len(self._kept) - MAX_AUDIO
            del self._kept[:over]
            self._dropped += over

    def _forget(self) -> None:
        if self._kept:
            self._kept = bytearray()
        self._dropped = 0
        self._sounded_at = self._speaking_since = None
        self._spoken = 0.0


def last_pause(pcm: bytes | bytearray, heard: int) -> int:
    """Where the last pause begins that lies wholly in the first `heard` bytes of PCM16 mono 24 kHz; 0 where none does.

    Speech that goes on from there repeats no sentence that was heard to its end, and leaves out none.
    """
    quiet = 0
    for at in range(min(heard, len(pcm)) // _STEP * _STEP - _STEP, -1, -_STEP):
        quiet = 0 if is_loud(bytes(pcm[at : at + _STEP])) else quiet + 1
        if quiet == _PAUSE:
            return at + _STEP * (_PAUSE // 2)
    return 0
