"""The tokens that an interview has used of Gemini, as they are billed."""

from dataclasses import astuple, dataclass, field


@dataclass(frozen=True, slots=True)
class LiveUsage:
    """Tokens that Gemini Live has billed, over all connections. Each turn bills the whole context as its prompt."""

    turns: int = 0
    prompt_text: int = 0
    prompt_audio: int = 0
    response_text: int = 0
    response_audio: int = 0
    thoughts: int = 0

    def __add__(self, other: "LiveUsage") -> "LiveUsage":
        return LiveUsage(*map(sum, zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class TextUsage:
    """Tokens that the text model has billed. `prompt_image` are those of pictures and of the pages of a PDF."""

    calls: int = 0
    prompt_text: int = 0
    prompt_image: int = 0
    prompt_audio: int = 0
    response: int = 0
    thoughts: int = 0

    def __add__(self, other: "TextUsage") -> "TextUsage":
        return TextUsage(*map(sum, zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class Usage:
    """What an interview has used of Gemini. Each part has one writer, so no writer overwrites another's tokens.

    The relay writes `live` and `transcription` (the second transcription of a turn). The functions add to `text`:
    scanned CVs and the summary.
    """

    live: LiveUsage = field(default_factory=LiveUsage)
    transcription: TextUsage = field(default_factory=TextUsage)
    text: TextUsage = field(default_factory=TextUsage)


class Meter:
    """Adds up the tokens of calls to the text model."""

    def __init__(self) -> None:
        self.total = TextUsage()

    def add(self, used: TextUsage) -> None:
        """Add the tokens of one call."""
        self.total += used
