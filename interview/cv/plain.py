"""Plain text and Markdown. Runs in the worker: what it is given may be hostile."""

import re

from interview.cv.kind import decode
from interview.cv.parsed import Parsed
from interview.errors import UnreadableCv

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$", re.MULTILINE)
_RULE = re.compile(r"^ {0,3}(?:[-=_*][ \t]*){3,}$", re.MULTILINE)
_ITEM = re.compile(r"^([ \t]*)[-*+][ \t]+", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\]\((\S{0,500}?)\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,300}?)(?<=\S)\1")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def read_plain(data: bytes) -> Parsed:
    """Read plain text; of Markdown the marks go and what they mark stays. Raises UnreadableCv (cv_wrong_type)."""
    text = decode(data)
    if text is None:
        raise UnreadableCv(
            "This file is of an unknown type. Please upload your CV as a PDF or a DOCX.", code="cv_wrong_type"
        )
    hidden = 0
    if _HEADING.search(text) or _STRONG.search(text) or _LINK.search(text):
        hidden = sum(len(comment.strip("<!->").split()) for comment in _COMMENT.findall(text))
        text = _COMMENT.sub("", text)
        text = _RULE.sub("", _HEADING.sub(r"\n\1", text))
        text = _STRONG.sub(r"\2", _ITEM.sub("\\1\u2022 ", _LINK.sub(_named, text)))
    return Parsed((text.replace("\f", "\n"),), pages=1, hidden_words=hidden)


def _named(link: re.Match[str]) -> str:
    name, target = link[1].strip(), link[2]
    return name if not target or target in name or target.startswith("#") else f"{name} ({target})".strip()
