"""Plain text made readable: what is invisible goes, lines stay."""

import re
import unicodedata

_BULLETS = (
    "\u2022\u2023\u2043\u2219\u25aa\u25ab\u25e6\u25cf\u25cb\u25a0\u25a1\u25c6\u25c7\u25ba\u25b8\u25b6"
    "\u27a2\u27a4\u2756\u00b7\u2217\u2713\u2714"
)
_BULLET = re.compile(rf"^[{_BULLETS}](?:\s*[{_BULLETS}])*\s*(?=\S)")
_LONE_BULLET = re.compile(rf"^[{_BULLETS}\s]+$")
_BLANK = re.compile(r"[^\S\n]+")
_HYPHEN = re.compile(r"(\w*[^\W\d_])-\n([^\W\d_]+)(\S*)[^\S\n]*\n?")
# Words that stay apart from what they are joined to by a hyphen at the end of a line.
_PREFIXES = frozenset(
    re.findall(
        r"\w+",
        "all back best co cost cross data e end event ex fast first front full go hands high home in large long low"
        " machine mid micro multi near non object off on one open out part peer pre problem quick re real result role"
        " self semi server short side single small so state step sub team test third time to top twenty two type up"
        " user well wide world year zero",
    )
)
# Letters in disguise: ligatures, presentation and full-width forms, radicals, mathematical bold. Not superscripts or
# fractions, whose plain forms would say something else (10\u00b2 is not 102).
_DISGUISES = (
    range(0xFB00, 0xFE00),
    range(0xFE70, 0xFEFF),
    range(0xFF01, 0xFF5F),
    range(0x2E80, 0x2FE0),
    range(0x1D400, 0x1D800),
)


def clean(text: str) -> str:
    """Readable text: composed characters, no invisible ones, single spaces, at most one empty line at a time."""
    text = "".join(map(_character, unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))))
    rows = [_BULLET.sub("\u2022 ", _BLANK.sub(" ", row).strip()) for row in text.split("\n")]
    rows = ["" if _LONE_BULLET.match(row) else row for row in rows]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip()


def _character(c: str) -> str:
    if c < "\x7f":
        return c if c >= " " or c == "\n" else " " if c == "\t" else ""
    category = unicodedata.category(c)
    if category in ("Zs", "Zl", "Zp"):
        return "\n" if category in ("Zl", "Zp") else " "
    # A joiner between two letters of Persian or Hindi has a meaning, but none that the prompt would miss.
    if category in ("Cc", "Cf", "Co", "Cn", "Cs") or c == "\ufffd":
        return ""
    disguised = any(ord(c) in forms for forms in _DISGUISES)
    return unicodedata.normalize("NFKC", c) if disguised else c


def join_hyphens(text: str) -> str:
    """Words that were divided at the end of a line made whole; a compound keeps its hyphen."""
    words = set(re.findall(r"\w+(?:-\w+)*", text.casefold()))

    def whole(found: re.Match[str]) -> str:
        head, tail, rest = found.groups()
        if not tail[0].islower():
            return found.group()
        joined, compound = (head + tail).casefold(), f"{head}-{tail}".casefold()
        keeps = joined not in words and (compound in words or head.casefold() in _PREFIXES)
        return f"{head}{'-' if keeps else ''}{tail}{rest}\n"

    return _HYPHEN.sub(whole, text)


def cut(text: str, characters: int) -> str:
    """At most so many characters, cut at the end of a line, or of a word where one line is longer than that."""
    if len(text) <= characters:
        return text
    head = text[: characters + 1]
    for end in (head.rfind("\n"), head.rfind(" ")):
        if end > 0:
            return text[:end].rstrip()
    return text[:characters]
