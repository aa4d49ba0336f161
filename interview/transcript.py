"""The transcript as a file: JSON, plain text, Markdown, WebVTT and Word.

The words of a turn stay text in every format: they can't become markup, another cue or another speaker's line.
"""

import io
import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

from contract.terms import TranscriptFormat
from interview.clock import moment
from interview.errors import Invalid
from interview.prompt import INTERVIEWER
from interview.record import Doubt, Interview, Speaker, Turn

FORMATS: tuple[TranscriptFormat, ...] = get_args(TranscriptFormat)
MEDIA_TYPES: dict[str, str] = {
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

SPEAKERS: dict[Speaker, str] = {"interviewer": f"{INTERVIEWER} (interviewer)", "candidate": "Candidate"}
_CUT = "[interrupted]"
_BROKEN_OFF = "[broken off]"
_READ_A_SECOND = 15.0
"""Characters that are read in a second. Subtitles have up to 17 (Netflix's guide for adults), or 160 to 180 words a
minute (the BBC's), which are about as many.
"""
_SHORTEST_CUE = timedelta(seconds=1.5)
_CORRECTED = "Corrected by the candidate:"
_DOUBTS: dict[Doubt, str] = {
    "echo": "[may be the interviewer's own voice]",
    "language": "[not in the interview's language]",
    "repeated": "[heard twice, kept once]",
    "unclear": "[may be wrong]",
}
"""What stands after doubtful words. An untranscribed turn has no words: `_not_understood` stands for them."""
# Characters that XML, and so Word, can't contain, and that don't belong in a text file.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~&!$]|^\s*([-+=]|\d+[.)])", re.MULTILINE)
_SLUG_LENGTH = 40
_RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}
"""Languages that are written from right to left, as primary subtags of BCP 47."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file to download."""

    media_type: str
    filename: str
    data: bytes


def render(interview: Interview, turns: Sequence[Turn], format_name: str) -> Document:
    """The transcript in one of `FORMATS`. Raises Invalid (code `invalid_format`) for any other name.

    Its times count from the start of the interview, or from the first turn if the start is unknown.
    """
    if format_name not in _RENDERERS:
        raise Invalid(f"format must be one of {', '.join(FORMATS)}.", code="invalid_format", field="format")
    data = _RENDERERS[format_name](interview, turns)
    return Document(MEDIA_TYPES[format_name], f"{slug(interview)}.{format_name}", data)


def as_json(interview: Interview, turns: Sequence[Turn]) -> dict[str, Any]:
    """The transcript in the JSON format."""
    return {
        "session_id": interview.session_id,
        "skill_topic": interview.skill_topic,
        "level": interview.level,
        "language": interview.language,
        "status": interview.status,
        "started_at": moment(interview.started_at),
        "ended_at": moment(interview.ended_at),
        "duration_seconds": interview.duration_seconds,
        "turns": [
            {
                "turn": turn.number,
                "speaker": turn.speaker,
                "text": turn.text,
                "started_at": moment(turn.started_at),
                "ended_at": moment(turn.ended_at),
                "interrupted": turn.interrupted,
                "broken_off": turn.broken_off,
                "source": turn.source,
                "doubt": list(turn.doubt),
                "corrected_text": turn.corrected_text,
            }
            for turn in turns
        ],
    }


def _json(interview: Interview, turns: Sequence[Turn]) -> bytes:
    return json.dumps(as_json(interview, turns), ensure_ascii=False, indent=2).encode() + b"\n"


def _txt(interview: Interview, turns: Sequence[Turn]) -> bytes:
    written = [title(interview), *(f"{name}: {value}" for name, value in facts(interview)), ""]
    for turn, offset in timed(interview, turns):
        # The other lines of a turn are indented, so that none looks like the start of another turn.
        written.append(f"[{offset}] {SPEAKERS[turn.speaker]}: " + "\n    ".join(lines(turn)))
    return ("\n".join(written) + "\n").encode()


def _md(interview: Interview, turns: Sequence[Turn]) -> bytes:
    blocks = [f"# {escape_md(title(interview))}"]
    blocks.append("\n".join(f"- **{name}:** {escape_md(value)}" for name, value in facts(interview)))
    for turn, offset in timed(interview, turns):
        text = "\\\n".join(escape_md(line) for line in lines(turn))
        blocks.append(f"**{SPEAKERS[turn.speaker]}** ({offset})\n\n{text}")
    return ("\n\n".join(blocks) + "\n").encode()


def _vtt(interview: Interview, turns: Sequence[Turn]) -> bytes:
    zero = _zero(interview, turns)
    cues = ["WEBVTT"]
    in_order = sorted(turns, key=lambda turn: turn.started_at)
    for place, turn in enumerate(in_order):
        begin = max(timedelta(), turn.started_at - zero)
        end = max(begin + timedelta(milliseconds=1), _cue_end(turn, in_order[place + 1 :]) - zero)
        text = "\n".join(_escape_vtt(line) for line in lines(turn))
        voice = "Interviewer" if turn.speaker == "interviewer" else "Candidate"
        cues.append(f"{turn.number}\n{_stamp(begin)} --> {_stamp(end)}\n<v {voice}>{text}</v>")
    return ("\n\n".join(cues) + "\n").encode()


def _cue_end(turn: Turn, later: Sequence[Turn]) -> datetime:
    """When a cue ends: with the sound. A typed answer stays for as long as it takes to read, and at most until the
    candidate's next turn.
    """
    if turn.source != "text":
        return turn.ended_at
    read = turn.started_at + max(_SHORTEST_CUE, timedelta(seconds=len(turn.words) / _READ_A_SECOND))
    return min([read, *(other.started_at for other in later if other.speaker == "candidate")])


def _docx(interview: Interview, turns: Sequence[Turn]) -> bytes:
    import docx  # Slow to import, and only this format needs it.

    document = docx.Document()
    words = word_style(document, interview.language)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title(interview), "", ""
    document.add_heading(title(interview), level=1)
    for name, value in facts(interview):
        fact = document.add_paragraph(style="List Bullet")
        fact.add_run(f"{name}: ").bold = True
        fact.add_run(value)
    for turn, offset in timed(interview, turns):
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{SPEAKERS[turn.speaker]} ({offset})").bold = True
        for line in lines(turn):
            paragraph.add_run().add_break()
            paragraph.add_run(line, words)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def word_style(document: Any, language: str) -> Any:
    """The style of what was said. It names their language, for screen readers and spelling, and direction."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    style = document.styles.add_style("Said", WD_STYLE_TYPE.CHARACTER)
    if language.split("-", maxsplit=1)[0].lower() in _RIGHT_TO_LEFT:
        style.font.rtl = True
    named = OxmlElement("w:lang")
    for attribute in ("w:val", "w:eastAsia", "w:bidi"):
        named.set(qn(attribute), language)
    style.element.get_or_add_rPr().append(named)
    return style


_RENDERERS: dict[str, Callable[[Interview, Sequence[Turn]], bytes]] = {
    "json": _json,
    "txt": _txt,
    "md": _md,
    "vtt": _vtt,
    "docx": _docx,
}


def title(interview: Interview) -> str:
    """The heading of a file."""
    return f"Interview: {plain(' '.join(interview.skill_topic.split()))}"


def facts(interview: Interview) -> list[tuple[str, str]]:
    """What stands under the heading, as names and values."""
    began = interview.started_at or interview.created_at
    found = [
        ("Level", interview.level),
        ("Language", interview.language),
        ("Date", f"{began:%Y-%m-%d %H:%M} UTC"),
    ]
    if interview.duration_seconds is not None:
        found.append(("Duration", clock_time(timedelta(seconds=interview.duration_seconds))))
    return [*found, ("Session", interview.session_id)]


def lines(turn: Turn) -> list[str]:
    """The lines of a turn without the empty ones, with marks for what is doubtful; at least one line. A correction is a
    line of its own at the end.
    """
    found = [line.strip() for line in plain(turn.text).splitlines() if line.strip()]
    if not found:
        found = [_not_understood(turn) if "untranscribed" in turn.doubt else ""]
    marks = [_DOUBTS[doubt] for doubt in turn.doubt if doubt in _DOUBTS]
    if turn.interrupted:
        marks.append(_CUT)
    if turn.broken_off:
        marks.append(_BROKEN_OFF)
    found[-1] = " ".join(filter(None, (found[-1], *marks)))
    if turn.corrected_text is not None:
        found.append(f"{_CORRECTED} {' '.join(plain(turn.corrected_text).split())}")
    return found


def _not_understood(turn: Turn) -> str:
    """Stands for words that were heard and never transcribed."""
    minutes, seconds = divmod(max(1, round((turn.ended_at - turn.started_at).total_seconds())), 60)
    lasted = (f"{minutes} min" if minutes else "", f"{seconds} s" if seconds or not minutes else "")
    return f"[not understood, {' '.join(filter(None, lasted))}]"


def _zero(interview: Interview, turns: Sequence[Turn]) -> datetime:
    return interview.started_at or (turns[0].started_at if turns else interview.created_at)


def timed(interview: Interview, turns: Sequence[Turn]) -> list[tuple[Turn, str]]:
    """The turns, each with the time since the start of the interview."""
    zero = _zero(interview, turns)
    return [(turn, clock_time(max(timedelta(), turn.started_at - zero))) for turn in turns]


def clock_time(time: timedelta) -> str:
    """Minutes and seconds, with hours if there are any."""
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def _stamp(time: timedelta) -> str:
    seconds, milliseconds = divmod(round(time.total_seconds() * 1000), 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{milliseconds:03}"


def plain(text: str) -> str:
    """The text without characters that a file can't have."""
    return _CONTROL.sub("", text)


def escape_md(text: str) -> str:
    """The text escaped for Markdown, so that none of it is markup."""
    return _MARKDOWN.sub(lambda found: re.sub(r"([^\w\s]|_)", r"\\\1", found[0]), text)


def _escape_vtt(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def slug(interview: Interview) -> str:
    """The name of a file, without its ending."""
    letters = unicodedata.normalize("NFKD", interview.skill_topic).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", letters)[:_SLUG_LENGTH].strip("-")
    began = interview.started_at or interview.created_at
    return "-".join(filter(None, ("interview", slug, f"{began:%Y-%m-%d}")))
