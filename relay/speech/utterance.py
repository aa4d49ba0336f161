"""One utterance: a stretch of the interviewer's speech, and how much of it was certainly played to the candidate."""

from typing import Final, Literal

from relay.browser import messages
from relay.browser.outbox import MAX_AUDIO
from relay.speech.level import is_loud

SECOND: Final = 2 * messages.VOICE_RATE
"""Bytes of PCM16 mono 24 kHz."""
PLAYED_GRACE: Final = 10.0
"""Seconds beyond an utterance's length after which it counts as played even if nobody reports it."""
_STEP: Final = SECOND // 50
"""Bytes of 20 ms."""
_PAUSE: Final = 7
"""Quiet steps in a row that count as a pause between sentences."""

Route = Literal["avatar", "held", "voice"]


class Utterance:
    """Speech of one turn (PCM16 mono 24 kHz), from its first frame until it was played or cut off.

    `SpeechOutput` creates it, chooses its route and drops it. Times are seconds of one monotonic clock.
    """

    def __init__(self, turn: int, route: Route, now: float) -> None:
        self.turn = turn
        self.route = route
        self.began = now
        """When the sound of `length` bytes began: the interviewer's, the avatar's, or the page's after a change."""
        self.length = 0
        """Bytes from `began` on."""
        self.complete = False
        """Gemini has sent all of it."""
        self.kept = bytearray()
        """What can be repeated: its newest `MAX_AUDIO` bytes. Empty on the route `voice`, which repeats nothing."""
        self._dropped = 0
        """Bytes before `kept`."""
        self.first_sent_at: float | None = None
        """When the avatar was sent the first audio."""
        self._speaking_since: float | None = None
        """When the avatar began to speak; None while it is silent."""
        self._spoken = 0.0
        """Seconds for which the avatar spoke before its last silence."""

    @property
    def played_by(self) -> float:
        """When what has come in so far must have been played."""
        return self.began + self.length / SECOND + PLAYED_GRACE

    @property
    def started(self) -> bool:
        """Whether the avatar has spoken any of it."""
        return self._speaking_since is not None or self._spoken > 0

    def spoken(self, now: float) -> float:
        """Seconds for which the avatar has spoken."""
        return self._spoken + (now - self._speaking_since if self._speaking_since is not None else 0.0)

    def unspoken(self, now: float) -> float:
        """Seconds since the avatar was sent the first audio; 0 before that, and once it has begun to speak."""
        return 0.0 if self.first_sent_at is None or self.started else now - self.first_sent_at

    def keep(self, pcm: bytes) -> None:
        """Keep audio for repetition."""
        self.kept += pcm
        if len(self.kept) > MAX_AUDIO:
            over = len(self.kept) - MAX_AUDIO
            del self.kept[:over]
            self._dropped += over

    def avatar_speaks(self, now: float) -> None:
        """The avatar's lips move."""
        if self._speaking_since is None:
            if self.first_sent_at is not None and not self.started:
                self.began = now
            self._speaking_since = now

    def avatar_silent(self, now: float) -> bool:
        """The avatar's lips are still. Returns whether the avatar has now spoken the whole utterance."""
        if self._speaking_since is None:
            return False  # the silence belongs to an earlier utterance
        self._spoken += now - self._speaking_since
        self._speaking_since = None
        return self.complete

    def change_to_avatar(self, now: float) -> None:
        """Route it to the avatar, from the beginning of what is kept."""
        self.route = "avatar"
        self.began = now
        self.first_sent_at = None

    def change_to_voice(self, now: float, *, lag: float) -> bytes:
        """Route it to the page. Returns what the page has to play first: the audio since the last pause that was played
        for certain. Of the time for which the avatar spoke, the last `lag` seconds are not certain.
        """
        spoken = self.spoken(now)
        if self.complete and spoken * SECOND >= self.length:
            rest = b""  # the avatar has spoken all of it
        else:
            certain = round((spoken - lag) * messages.VOICE_RATE) * 2 - self._dropped
            rest = bytes(self.kept[last_pause(self.kept, certain) :])
        self.route = "voice"
        self.began, self.length = now, len(rest)
        self.kept = bytearray()
        self._dropped = 0
        self.first_sent_at = self._speaking_since = None
        self._spoken = 0.0
        return rest


def last_pause(pcm: bytes | bytearray, played: int) -> int:
    """The offset of the last pause wholly within the first `played` bytes of PCM16 mono 24 kHz; 0 if there is none.

    Speech that continues there repeats no sentence that was played to its end, and omits none.
    """
    quiet = 0
    for at in range(min(played, len(pcm)) // _STEP * _STEP - _STEP, -1, -_STEP):
        quiet = 0 if is_loud(bytes(pcm[at : at + _STEP])) else quiet + 1
        if quiet == _PAUSE:
            return at + _STEP * (_PAUSE // 2)
    return 0
