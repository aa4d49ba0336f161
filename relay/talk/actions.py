"""What the floor decides: each action is one thing for the session to do. Nothing here does anything by itself."""

from dataclasses import dataclass, field
from typing import Any

from contract.terms import Hearing, Holder
from interview.record import EndedReason, Turn
from relay.talk.utterances import Caption


@dataclass(frozen=True, slots=True)
class Send:
    """A text for Gemini: a typed answer or a direction. Both are answered."""

    text: str


@dataclass(frozen=True, slots=True)
class Respond:
    """The response to a tool call. `silent`: the model takes note and says nothing."""

    id: str
    name: str
    response: dict[str, Any]
    silent: bool


@dataclass(frozen=True, slots=True)
class SendSilence:
    """Send Gemini this many seconds of silence at once: silence is what ends an answer."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Redial:
    """Replace the connection. `reason` is for the log; without `keep_handle` the next one is a fresh session."""

    reason: str
    keep_handle: bool


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Gemini has received the microphone up to this time (monotonic seconds): it need not be sent again.

    The sound from `keep_from` on is kept all the same: its words have not come.
    """

    until: float
    keep_from: float | None


@dataclass(frozen=True, slots=True)
class Keep:
    """A finished turn for the record: new, or replacing the one with its number.

    The sound of a spoken answer was kept from `began` to `ended` (monotonic seconds) if it is to be transcribed again.
    """

    turn: Turn
    began: float = field(default=0.0, compare=False)
    ended: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A finished turn without words. Its sound was kept from `began` to `ended` (monotonic seconds)."""

    turn: Turn
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class GiveFloor:
    """Who is expected to speak."""

    holder: Holder


@dataclass(frozen=True, slots=True)
class ShowHearing:
    """What the page shows of the microphone."""

    state: Hearing


@dataclass(frozen=True, slots=True)
class Ask:
    """The interviewer has asked a question: this is its number, from 1 on."""

    number: int


@dataclass(frozen=True, slots=True)
class Begin:
    """An utterance of the interviewer begins. `delay_ms`: since the candidate's last sound; None: there was none."""

    turn: int
    delay_ms: int | None


@dataclass(frozen=True, slots=True)
class Play:
    """Sound of the utterance: PCM16 mono 24 kHz."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class EndUtterance:
    """All of the utterance has come in."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The utterance stops here, and so does its playback."""


@dataclass(frozen=True, slots=True)
class Played:
    """The utterance has been played to its end."""


@dataclass(frozen=True, slots=True)
class Notify:
    """A notice for the candidate."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Note:
    """A line for the log: an event in snake_case, and numbers or codes. Never words of the conversation."""

    event: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class End:
    """The interview is over."""

    reason: EndedReason


@dataclass(frozen=True, slots=True)
class Suspend:
    """Nobody has answered for minutes: the interview stops here and can be resumed."""


ToGemini = Send | Respond | SendSilence | Redial | Acknowledge
OfSpeech = Begin | Play | EndUtterance | Cut | Played
OfTheInterview = Keep | Unwritten | Note | End | Suspend
ForThePage = Caption | GiveFloor | ShowHearing | Ask | Notify
Action = ToGemini | OfSpeech | OfTheInterview | ForThePage
