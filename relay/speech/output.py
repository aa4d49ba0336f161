"""Where the interviewer's speech goes: to the page, which plays it, or to the avatar.

Each utterance has one route at a time (docs/decisions/0020-ladder.md). `begin` chooses it; the rows after the first
say what changes it.

| event                                  | avatar                               | held           | voice          |
| -------------------------------------- | ------------------------------------ | -------------- | -------------- |
| `begin`: chosen if the avatar is       | wanted and in the room               | wanted and due | neither        |
| `take`: audio is                       | sent as echo messages, and kept      | kept           | sent to page   |
| `ready`: the page (again) has joined   | started: voice; else avatar, repeated| avatar, all    | voice          |
| `lost`, or `choose("voice")`           | voice, from the last played pause    | voice, all     | voice          |
| `tick`, `AVATAR_WAIT` after the hello  |                                      | voice, all     |                |
| `tick`, `MUTE_AFTER` without a word    | voice, all                           |                |                |
| `cut`, `played`                        | dropped                              | dropped        | dropped        |

An utterance never changes from voice to the avatar: the avatar takes the next one.
"""

from collections.abc import Callable
from typing import Final, Literal, Protocol

from interview.record import Output
from relay.browser import messages
from relay.browser.outbox import Outbox, Sound
from relay.speech.tavus_echo import TavusEcho
from relay.speech.utterance import SECOND, Utterance

AVATAR_WAIT: Final = 10.0
"""Seconds from the hello for which speech is held for the avatar."""
MUTE_AFTER: Final = 8.0
"""Seconds from the first audio of an utterance sent to the avatar until an avatar that says nothing counts as lost."""
LAG: Final = 0.5
FROZEN_LAG: Final = 3.5
"""Seconds of speech that may have been lost before the page noticed that the avatar was gone."""
_FRAME: Final = SECOND // 10
"""Bytes of a frame of repeated speech."""

Reason = messages.Loss | Literal["ready", "late", "mute"]

NOTICES: Final[dict[Reason, str]] = {
    "ready": "The interviewer is back on video.",
    "room": "The video connection was lost. The interview continues by voice.",
    "shutdown": "The video has ended. The interview continues by voice.",
    "frozen": "The video stopped moving. The interview continues by voice.",
    "autoplay": "Your browser did not start the video. The interview continues by voice.",
    "bandwidth": "Your connection is too slow for video. The interview continues by voice.",
    "replica": "The video connection was lost. The interview continues by voice.",
    "late": "The video isn't ready yet. The interview starts by voice.",
    "mute": "The video has no sound. The interview continues by voice.",
}
"""What the candidate reads about each change. A change that they chose themselves needs no notice."""


class RecordChange(Protocol):
    """Writes a change of the output into the record."""

    def __call__(self, output: Output, reason: Reason) -> None: ...


class SpeechOutput:
    """Sends the interviewer's speech (PCM16 mono 24 kHz) to one candidate. No method waits for anything.

    `time` is a monotonic clock in seconds; `record` is called with each change between voice and avatar.
    """

    def __init__(
        self, outbox: Outbox, *, wanted: Output, expected: bool, time: Callable[[], float], record: RecordChange
    ) -> None:
        """`expected`: there is an avatar conversation, and the avatar is about to join its room."""
        self._outbox = outbox
        self._wanted = wanted
        self._time = time
        self._record = record
        self._echo: TavusEcho | None = None
        """Set while the avatar is in the room."""
        self._wait_until: float | None = time() + AVATAR_WAIT if wanted == "avatar" and expected else None
        self._lost: Reason | None = None
        """Why speech goes by voice although the avatar is wanted."""
        self._stale = False
        """The avatar may still be speaking what was repeated by voice."""
        self._utterance: Utterance | None = None

    @property
    def output(self) -> Output:
        """Where the next utterance goes, or for what it is held."""
        return "avatar" if self._wanted == "avatar" and (self._echo or self._wait_until is not None) else "voice"

    @property
    def plays_in_page(self) -> bool:
        """Whether the page plays the utterance itself. Only then does its `played` count."""
        return self._utterance is not None and self._utterance.route == "voice"

    @property
    def played_by(self) -> float:
        """When the utterance so far must have been played; 0 if there is none."""
        return self._utterance.played_by if self._utterance else 0.0

    # From the floor

    def begin(self, turn: int) -> None:
        """The interviewer begins to speak."""
        now = self._time()
        if self._wanted == "avatar" and self._echo:
            self._utterance = Utterance(turn, "avatar", now)
            self._begin_echo(self._echo)
        else:
            self._utterance = Utterance(turn, "held" if self.output == "avatar" else "voice", now)

    def take(self, pcm: bytes) -> None:
        """A frame of the utterance. Called for every frame: as few steps as possible."""
        if utterance := self._utterance:
            utterance.length += len(pcm)
            if utterance.route == "voice":
                self._outbox.audio(pcm)
                return
            utterance.keep(pcm)
            if utterance.route == "avatar":
                self._send_to_avatar(utterance, pcm)

    def end(self) -> None:
        """The utterance is complete."""
        if self._utterance:
            self._utterance.complete = True
            if self._utterance.route != "held":
                self._finish(self._utterance)

    def cut(self) -> None:
        """The candidate interrupts: silence at once, and nothing more of the utterance."""
        self._outbox.drop_audio()
        utterance, self._utterance = self._utterance, None
        if utterance:
            if utterance.route == "avatar" and self._echo:
                self._outbox.text(self._echo.interrupt())
            self._outbox.text(messages.interrupted(utterance.turn))

    def played(self) -> None:
        """The candidate has been played the whole utterance: none of it need be kept."""
        self._utterance = None

    # From the page

    def ready(self, conversation_id: str, max_message_bytes: int | None = None) -> None:
        """The avatar is in the room. It speaks from now on, unless the page is already playing the utterance."""
        echo = TavusEcho(conversation_id, max_message_bytes)
        if not echo.size:
            self.lost("bandwidth")
            return
        again = self._echo is not None
        self._echo = echo
        self._wait_until = None
        if self._wanted != "avatar":
            return
        lost, self._lost = self._lost, None
        self._stale = again or lost is not None
        if not again or lost:
            self._record("avatar", "ready")
        if lost:
            self._outbox.text(messages.notice("avatar_back", NOTICES["ready"]))
        self._continue_by_avatar(echo)

    def lost(self, reason: Reason) -> None:
        """The avatar can't be seen or heard any more."""
        expected = self._echo is not None or self._wait_until is not None
        if reason == "mute" and self._echo:
            self._outbox.text(self._echo.interrupt())  # it may begin to speak after all
        self._echo = None
        self._wait_until = None
        if self._wanted == "avatar" and expected:
            self._lost = reason
            self._record("voice", reason)
            if reason in NOTICES:
                self._outbox.text(messages.notice("avatar_lost", NOTICES[reason]))
            self._continue_by_voice(FROZEN_LAG if reason == "frozen" else LAG)

    def choose(self, output: Output) -> None:
        """The candidate chooses. A change to voice takes effect at once, one to the avatar with the next utterance."""
        if output == self._wanted:
            return
        self._wanted = output
        if output == "voice":
            self._wait_until = None
            self._lost = None
            self._record("voice", "candidate")
            self._continue_by_voice(LAG)
        elif self._echo:
            self._record("avatar", "candidate")

    def speaking(self) -> None:
        """The avatar's lips move."""
        if self._utterance and self._utterance.route == "avatar":
            self._utterance.avatar_speaks(self._time())

    def silent(self) -> bool:
        """The avatar's lips are still. Returns whether the avatar has now spoken the whole utterance."""
        return self._utterance is not None and self._utterance.avatar_silent(self._time())

    def tick(self) -> None:
        """Check the timers. Called a few times a second while there is an avatar conversation."""
        now = self._time()
        if self._wait_until is not None and now > self._wait_until:
            self.lost("late")
        if self._utterance and self._utterance.unspoken(now) > MUTE_AFTER:
            self.lost("mute")
        if self._utterance and self._utterance.route == "avatar" and self._echo:
            self._queue(self._echo.pending())

    # Changes of route

    def _continue_by_voice(self, lag: float) -> None:
        utterance = self._utterance
        if utterance is None or utterance.route == "voice":
            return
        self._outbox.drop_audio()
        if utterance.route == "avatar" and self._echo:
            self._outbox.text(self._echo.interrupt())
        rest = utterance.change_to_voice(self._time(), lag=lag)
        for at in range(0, len(rest), _FRAME):
            self._outbox.audio(rest[at : at + _FRAME])
        if utterance.complete:
            self._finish(utterance)

    def _continue_by_avatar(self, echo: TavusEcho) -> None:
        """Send the avatar what was held, or what an avatar that has joined again had not begun to speak."""
        utterance = self._utterance
        if utterance is None or utterance.route == "voice":
            return
        if utterance.started:
            self._continue_by_voice(LAG)
            return
        self._outbox.drop_audio()
        utterance.change_to_avatar(self._time())
        self._begin_echo(echo)
        if utterance.kept:
            self._send_to_avatar(utterance, bytes(utterance.kept))
        if utterance.complete:
            self._finish(utterance)

    # Messages

    def _begin_echo(self, echo: TavusEcho) -> None:
        """Begin an utterance in the room, after silencing a stale one. That is not done earlier: any echo message makes
        the page play the room's sound, and until now the page may have been playing the voice.
        """
        if self._stale:
            self._outbox.text(echo.interrupt())
            self._stale = False
        echo.begin()

    def _send_to_avatar(self, utterance: Utterance, pcm: bytes) -> None:
        if self._echo:
            if utterance.first_sent_at is None:
                utterance.first_sent_at = self._time()
            self._queue(self._echo.add(pcm))

    def _finish(self, utterance: Utterance) -> None:
        """Tell the avatar and the page that nothing more of the utterance comes."""
        if utterance.route == "avatar" and self._echo:
            *rest, last = self._echo.finish()
            self._queue(rest)
            self._outbox.text(last)  # never dropped: without it the avatar would wait for more
        self._outbox.text(messages.spoken(utterance.turn))

    def _queue(self, echoes: list[str]) -> None:
        for echo in echoes:
            self._outbox.audio(Sound(echo))
