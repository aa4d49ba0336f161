"""Finds a quote in a text.

A model that quotes may change case, punctuation, quotation marks and spacing, but must not change, add or omit a word.
So quote and text are compared by their letters and digits only, from the start of a word to the end of a word.

A sentence that speaks to the assessor instead of the interviewer is no evidence, even if it is quoted correctly.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from interview.fence import folded
from interview.orders import is_order

MIN_WORDS = 3
"""A shorter quote proves nothing ("I think"), unless it is the whole answer."""
_MIN_UNSPACED = 5
"""The same in characters, for scripts without spaces between words."""
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
SENTENCE: Final = re.compile(r"[^.!?\n\u3002\uff01\uff1f\u061f\u0964]+")
SENTENCE_WITH_END: Final = re.compile(r"[^.!?\n\u3002\uff01\uff1f\u061f\u0964]+[.!?\n\u3002\uff01\uff1f\u061f\u0964]*")
_ASSESSOR = r"(?:assessor|evaluator|grader|examiner|summari[sz]er)"
_MUST = r"(?:must|should|shall|has to|needs to|ought to)"
# The beginning of a sentence that speaks to the assessor. Elsewhere the same words may be a story or an example.
_ADDRESSES = re.compile(
    r"(?:(?:please|now|so|and|but|also|important|you must|you should) )*"
    rf"(?:(?:messages?|instructions?) (?:to|for) (?:\w+ ){{0,2}}?{_ASSESSOR}\b"
    rf"|(?:notes?|memo|reminder) (?:to|for) (?:\w+ ){{0,2}}?(?:{_ASSESSOR}|reviewer|judge|ai|llm|model)\b"
    rf"|(?:dear|hey|hello) (?:\w+ )?(?:{_ASSESSOR}|ai|llm|model)\b"
    r"|(?:ignore|disregard|forget|override) (?:\w+ ){0,3}?(?:previous|prior|above|earlier|instructions"
    r"|(?:your|all|these|any) (?:\w+ )?(?:rules|prompts?|guidelines|task))\b"
    r"|(?:rate|score|grade|mark|pass|recommend|assess) (?:me|(?:the|this) candidate)\b)"
)
# A demand for a verdict, anywhere in a sentence.
_DEMANDS = re.compile(
    rf"\bverdict {_MUST}\b|\byour (?:recommendation|rating|summary) {_MUST} (?:be|say|state|read)\b"
    rf"|\b(?:the|this) candidate {_MUST} (?:pass|be (?:rated|passed|recommended|hired))\b"
)
# A judgement of the person instead of an answer.
_VERDICT = re.compile(
    r"\b(?:strong|definite|clear|certain|sure|easy|obvious|must)[ -](?:yes|hires?)\b|\bno[ -]hire\b"
    r"|\bhire (?:this|the) candidate\b|^\W*hire (?:him|her|them)\b|\brecommend\w* (?:for |to )?hir(?:e|ing)\b"
    r"|\bcandidate (?:\w+ ){1,3}be (?:hired|rejected|employed|rated|promoted)\b"
    r"|\b(?:deserves?|earns?|merits?) (?:a |an |the )?(?:\w+ )?(?:score|rating|grade|mark|verdict|job|offer|hire)\b"
)
# Written only by somebody who poses as the system, or knows the names in its answers.
_MACHINE = re.compile(
    r"\W*(?:system|developer)\W+(?:prompt|message|note|override)\W*:|.*\b(?:strong_yes|insufficient_evidence)\b"
)
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO ", "KHMER", "MYANMAR")


@dataclass(frozen=True, slots=True)
class _Reduced:
    """A text's letters and digits. `origin[i]` is the index of the i-th; `starts` and `ends` bound words."""

    letters: str
    origin: list[int]
    starts: frozenset[int]
    ends: frozenset[int]


def find(quote: str, text: str) -> str | None:
    """The passage of `text` that matches `quote`, as it is in `text`; None if there is none."""
    needle, hay = _reduce(quote), _reduce(text)
    if not needle.letters:
        return None
    if needle.letters != hay.letters and not _long_enough(needle):
        return None
    begin = hay.letters.find(needle.letters)
    while begin >= 0:
        end = begin + len(needle.letters)
        if begin in hay.starts and end in hay.ends:
            return text[hay.origin[begin] : hay.origin[end - 1] + 1]
        begin = hay.letters.find(needle.letters, begin + 1)
    return None


def speaks_to_the_assessor(passage: str, text: str) -> bool:
    """Whether a sentence of `text` that `passage` touches speaks to the assessor, and not to the interviewer."""
    begin = text.find(passage)
    end = begin + len(passage)
    return any(
        _demanding(sentence.group())
        for sentence in SENTENCE.finditer(text)
        if sentence.start() < end and begin < sentence.end()
    )


def without_demands(text: str) -> str:
    """The text without the sentences that speak to the assessor, on one line."""
    kept = SENTENCE_WITH_END.sub(lambda found: "" if _demanding(found.group()) else found.group(), text)
    return " ".join(kept.split())


def demands(text: str) -> bool:
    """Whether a sentence of the text speaks to the assessor."""
    return any(_demanding(sentence.group()) for sentence in SENTENCE.finditer(text))


def states_a_verdict(text: str) -> bool:
    """Whether a sentence says whom to hire or what score to give. Code decides the verdict, not a claim."""
    return bool(_VERDICT.search(folded(text)))


def _demanding(sentence: str) -> bool:
    plain = folded(sentence)
    words = " ".join(re.findall(r"[^\W_]+", plain))
    return bool(_ADDRESSES.match(words) or _DEMANDS.search(words) or _MACHINE.match(plain) or is_order(sentence))


def has_words(text: str) -> bool:
    """Whether `text` has a letter or digit, so that it can be quoted."""
    return any(map(str.isalnum, text))


def _long_enough(reduced: _Reduced) -> bool:
    unspaced = sum(map(_unspaced, reduced.letters))
    return unspaced >= _MIN_UNSPACED or len(reduced.starts) - unspaced >= MIN_WORDS


def _reduce(text: str) -> _Reduced:
    letters: list[str] = []
    origin: list[int] = []
    starts: set[int] = set()
    ends: set[int] = set()
    inside = False  # whether the character before belongs to a word
    for index, character in enumerate(text):
        if unicodedata.combining(character) or character in _APOSTROPHES:
            continue  # Optional characters inside a word.
        reduced = [c for c in unicodedata.normalize("NFKD", character).casefold() if c.isalnum()]
        alone = bool(reduced) and _unspaced(reduced[0])
        if inside and (not reduced or alone):
            ends.add(len(letters))
        if reduced and (alone or not inside):
            starts.add(len(letters))
        letters += reduced
        origin += [index] * len(reduced)
        if alone:
            ends.add(len(letters))
        inside = bool(reduced) and not alone
    if inside:
        ends.add(len(letters))
    return _Reduced("".join(letters), origin, frozenset(starts), frozenset(ends))


def _unspaced(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_UNSPACED)
