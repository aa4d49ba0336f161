"""The text of a rich text file. Runs in the worker: what it is given may be hostile.

Control words are those of Microsoft's RTF 1.9.1; those that say nothing about text or its being seen are passed over.
"""

import re
from dataclasses import dataclass, replace

from interview.cv.parsed import Parsed, Unreadable
from interview.errors import UnreadableCv

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
# Groups whose text is none of the document's.
_SILENT = frozenset(
    re.findall(
        r"\w+",
        "fonttbl colortbl stylesheet info pict object themedata colorschememapping listtable "
        "listoverridetable rsidtbl generator datastore xmlnstbl fldinst bkmkstart bkmkend latentstyles "
        "filetbl revtbl annotation atnid atnauthor nonshppict objdata panose falt shppict mmathPr "
        "private",
    )
)
_CHARACTERS = {
    "par": "\n", "line": "\n", "sect": "\n\n", "page": "\n\n", "row": "\n", "tab": " ", "cell": " | ",
    "nestcell": " | ",
    "emdash": "\u2014", "endash": "\u2013", "bullet": "\u2022", "lquote": "\u2018", "rquote": "\u2019",
    "ldblquote": "\u201c", "rdblquote": "\u201d", "emspace": " ", "enspace": " ", "qmspace": " ", "nestrow": "\n",
}  # fmt: skip
# Groups that a reader may pass over and that hold the document's text all the same.
_OPTIONAL = ("shptxt", "pnseclvl")
_BEHIND = ("cb", "chcbpat", "highlight", "cbpat", "clcbpat")
_CODE_PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
# Half points; under them, and from this whiteness on, nobody sees anything.
_SMALLEST, _WHITE = 3, 240
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class _State:
    silent: bool = False
    hidden: bool = False
    size: int = 24
    colour: int = 0
    behind: int = 0
    skip: int = 1  # characters that stand in for one in Unicode

    def seen(self, white: set[int]) -> bool:
        return not self.hidden and self.size >= _SMALLEST and not (self.colour in white and not self.behind)


def read_rtf(data: bytes) -> Parsed:
    """Read a rich text file; one of pictures alone comes back as unreadable. Raises UnreadableCv (cv_damaged)."""
    reader = _Reader(data)
    reader.read()
    text = re.sub(r"(?: \| )+(?=\n|$)", "", "".join(reader.shown))
    picture = b"\\pict" in data and not any(c.isalnum() for c in text)
    return Parsed(
        (text,),
        pages=1,
        hidden_words=len("".join(reader.hidden).split()),
        unreadable=(Unreadable(1, "picture"),) if picture else (),
    )


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.shown: list[str] = []
        self.hidden: list[str] = []
        self._data = data
        self._encoding = "cp1252"
        self._state = _State()
        self._stack: list[_State] = []
        self._skipping = 0
        self._bytes = bytearray()
        self._white = _white_colours(data)
        self._starred = False
        self._half = ""

    def read(self) -> None:
        for token in _TOKEN.finditer(self._data):
            word, number, code, symbol, brace, text = token.groups()
            if code:
                self._byte(int(code, 16))
                continue
            if text:
                if self._skipping:
                    taken = min(self._skipping, len(text))
                    self._skipping -= taken
                    text = text[taken:]
                self._bytes += text
                continue
            self._flush()
            if brace == b"{":
                if len(self._stack) >= _DEEPEST:
                    raise UnreadableCv(
                        "This file is nested too deeply. Please save it as a PDF.", code="cv_too_complex"
                    )
                self._stack.append(self._state)
                self._skipping = 0
            elif brace == b"}":
                self._state = self._stack.pop() if self._stack else self._state
                self._skipping = 0
            elif word:
                self._word(word.decode(), int(number) if number else None)
            elif symbol:
                self._symbol(symbol)
        self._flush()

    def _byte(self, value: int) -> None:
        if self._skipping:
            self._skipping -= 1
        else:
            self._bytes.append(value)

    def _flush(self) -> None:
        if self._bytes:
            self._add(self._bytes.decode(self._encoding, "replace"))
            self._bytes.clear()

    def _add(self, text: str) -> None:
        if not self._state.silent:
            (self.shown if self._state.seen(self._white) or not text.strip() else self.hidden).append(text)

    def _symbol(self, symbol: bytes) -> None:
        self._starred = symbol == b"*"
        if symbol in b"\\{}":
            self._add(symbol.decode())
        elif symbol == b"~":
            self._add(" ")
        elif symbol == b"_":
            self._add("-")
        elif symbol in (b"\n", b"\r"):
            self._add("\n")

    def _word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if word in _SILENT or (starred and word not in _OPTIONAL):
            self._state = replace(self._state, silent=True)
        elif word in _CHARACTERS:
            self._add(_CHARACTERS[word])
        elif word == "u" and number is not None:
            self._unicode(number % 65536)
        elif word in _CODE_PAGES:
            self._encoding = _CODE_PAGES[word]
        elif word == "ansicpg" and number:
            self._encoding = _known(f"cp{number}") or self._encoding
        else:
            self._state = self._changed(word, number)

    def _changed(self, word: str, number: int | None) -> _State:  # noqa: PLR0911 - one for each kind of word
        """The state after a word that says how the text that follows looks."""
        state = self._state
        if word == "uc":
            return replace(state, skip=1 if number is None else number)
        if word in ("v", "webhidden", "deleted"):
            return replace(state, hidden=number != 0)
        if word == "plain":
            return replace(state, hidden=False, size=24, colour=0, behind=0)
        if word == "fs":
            return replace(state, size=number or 0)
        if word == "cf":
            return replace(state, colour=number or 0)
        if word in _BEHIND:
            return replace(state, behind=0 if (number or 0) in self._white else number or 0)
        return replace(state, behind=0) if word == "pard" else state

    def _unicode(self, code: int) -> None:
        self._skipping = self._state.skip
        if 0xD800 <= code < 0xDC00:  # noqa: PLR2004 - the first half of a character
            self._half = chr(code)
            return
        c, self._half = self._half + chr(code), ""
        self._add(c.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _white_colours(data: bytes) -> set[int]:
    """The numbers of colours that can't be seen on paper."""
    table = re.search(rb"\{\\colortbl(.{0,20000}?)\}", data, re.DOTALL)
    white: set[int] = set()
    for i, entry in enumerate(table[1].split(b";") if table else []):
        parts = [re.search(rb"\\" + name + rb"(\d{1,3})", entry) for name in (b"red", b"green", b"blue")]
        if all(part and int(part[1]) >= _WHITE for part in parts):
            white.add(i)
    return white


def _known(encoding: str) -> str | None:
    encoding = "utf-8" if encoding == "cp65001" else encoding
    try:
        b"".decode(encoding)
    except LookupError:
        return None
    return encoding
