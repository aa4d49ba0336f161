"""How a candidate wants the interview to be held: its length, the voice, the pace and the extra time."""

from collections.abc import Mapping
from dataclasses import dataclass

from contract.limits import EXTRA_TIMES, LENGTHS, MAX_MINUTES, QUESTION_MINUTES
from contract.terms import DEFAULT_SPEECH_RATE
from interview.errors import Invalid
from interview.record import SPEECH_RATES, VOICES, SpeechRate
from interview.settings import Settings

NUMBERS = frozenset({"minutes", "extra_time", "retake_question"})
"""Fields of a start that are numbers."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the candidate has chosen, checked. Without `voice` the deployment's own speaks; `question` is the turn whose
    question is practised alone.
    """

    minutes: float
    voice: str | None
    speech_rate: SpeechRate
    extra_time: float
    question: int | None

    @property
    def max_duration_seconds(self) -> int:
        """The length with the extra time: never over `MAX_MINUTES`."""
        return round(min(MAX_MINUTES, self.minutes * self.extra_time) * 60)


def parse_choices(given: Mapping[str, str], settings: Settings) -> Choices:
    """The choices in the fields of a start. Raises Invalid for a value that is not offered."""
    question = _question(given)
    minutes = _minutes(given, settings.interview_minutes)
    speech_rate = given.get("speech_rate") or DEFAULT_SPEECH_RATE
    if speech_rate not in SPEECH_RATES:
        detail = f"speech_rate must be one of {', '.join(SPEECH_RATES)}."
        raise Invalid(detail, code="invalid_speech_rate", field="speech_rate")
    voice = given.get("voice") or None
    if voice not in (None, *VOICES, settings.gemini.voice):
        offered = dict.fromkeys((*VOICES, settings.gemini.voice))
        raise Invalid(f"voice must be one of {', '.join(offered)}.", code="invalid_voice", field="voice")
    extra_time = _number(given.get("extra_time") or "1")
    if extra_time is None or extra_time not in EXTRA_TIMES:
        detail = f"extra_time must be one of {', '.join(map(str, EXTRA_TIMES))}."
        raise Invalid(detail, code="invalid_extra_time", field="extra_time")
    if question is not None:
        minutes = min(QUESTION_MINUTES, settings.interview_minutes)
    return Choices(minutes, voice, speech_rate, extra_time, question)


def offered_minutes(longest: float) -> tuple[float, ...]:
    """The lengths that a deployment offers whose own is `longest`."""
    return (*(length for length in LENGTHS if length < longest), longest)


def _minutes(given: Mapping[str, str], longest: float) -> float:
    wanted = given.get("minutes")
    if not wanted:
        return longest
    offered = offered_minutes(longest)
    minutes = _number(wanted)
    if minutes is None or minutes not in offered:
        detail = f"minutes must be one of {', '.join(f'{one:g}' for one in offered)}."
        raise Invalid(detail, code="invalid_minutes", field="minutes")
    return minutes


def _question(given: Mapping[str, str]) -> int | None:
    wanted = given.get("retake_question")
    if not wanted:
        return None
    if not given.get("retake_session_id"):
        detail = "retake_question needs the retake_session_id and the retake_token of its interview."
        raise Invalid(detail, code="invalid_retake_question", field="retake_question")
    if not wanted.isascii() or not wanted.isdigit():
        detail = "retake_question must be the number of a turn."
        raise Invalid(detail, code="invalid_retake_question", field="retake_question")
    return int(wanted)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
