"""Whether a text speaks of a person, or of what somebody did: only a claim with a quote may do that."""

import re
import unicodedata
from typing import Final

from interview.assessment.words import plain
from interview.quotes import SENTENCE

CANDIDATE: Final = re.compile(
    "(?:candidat|candidac|kandid|kandyd|aday$|\u043a\u0430\u043d\u0434\u0438\u0434|bewerber|postulant|aspirant"
    "|sollicit|\u03c5\u03c0\u03bf\u03c8)"
)
"""How the word for the candidate begins, in plain lower case."""
_UNSPACED: Final = re.compile(
    "\u5019[\u9078\u9009]\u4eba|\u5019[\u88dc\u8865]\u8005|\u5fdc\u52df\u8005|\u9762\u8bd5\u8005"
)
_OTHERS: Final = frozenset(("candidates", "candidats", "candidatos", "candidatas", "candidati"))
"""Words for others who apply: a topic may be about them."""
_PRONOUN_WORDS: Final = """
they he she you their his her your theyre hes shes youre er sie ihr sein seine ihre il elle ils elles vous ella usted
ellos lui lei voi ele ela voce eles hij zij ze jij u on ona oni
"""
_PRONOUNS: Final = frozenset(_PRONOUN_WORDS.split())
_PAST_WORDS: Final = {
    "en": "was were had did led ran wrote took went grew knew saw drove began became gave chose threw flew broke spoke",
    "de": "war waren hatte hatten wurde wurden ging gab leitete arbeitete machte baute",
    "fr": "etait etaient avait avaient fut dirigeait travaillait",
    "es": "fue fueron era eran habia habian tuvo dirigio hizo trabajo",
    "pt": "foi foram tinha tinham dirigiu fez trabalhou",
    "it": "era erano aveva avevano fu furono diresse lavorava",
    "nl": "was waren had hadden werd werden leidde deed ging werkte",
    "pl": "byl byla byli bylo mial miala kierowal kierowala pracowal pracowala",
    "ru": (
        "\u0431\u044b\u043b \u0431\u044b\u043b\u0430 \u0431\u044b\u043b\u0438 \u0431\u044b\u043b\u043e "
        "\u0440\u0430\u0431\u043e\u0442\u0430\u043b \u0440\u0430\u0431\u043e\u0442\u0430\u043b\u0430 "
        "\u0440\u0443\u043a\u043e\u0432\u043e\u0434\u0438\u043b "
        "\u0440\u0443\u043a\u043e\u0432\u043e\u0434\u0438\u043b\u0430"
    ),
}
_PAST: Final = {language: frozenset(listed.split()) for language, listed in _PAST_WORDS.items()}
"""Past forms that are rarely anything else, in plain lower case."""
_FIRST_WORDS: Final = (
    "built made held kept sold taught brought thought told left lost met paid sent spent stood won found"
)
_FIRST_PAST: Final = _PAST["en"] | frozenset(_FIRST_WORDS.split())
"""The same for an English verb that begins a sentence or follows a pronoun."""
_ADJECTIVE_WORDS: Final = """
advanced detailed applied distributed structured informed balanced nuanced experienced related based measured reasoned
varied sustained embed limited shared
"""
_ADJECTIVES: Final = frozenset(_ADJECTIVE_WORDS.split())
"""Words that end as a past form does and begin an expectation."""
_PERFECT: Final = {
    "en": re.compile(r"\b(?:has|have) (?:\w+ ){0,1}?\w{2,}ed\b"),
    "de": re.compile(r"\b(?:hat|haben)\b.{0,60}\bge\w{2,}(?:t|en)\b"),
    "fr": re.compile("\\b(?:a|ont) (?:\\w+ )?\\w{2,}\u00e9e?s?\\b"),
    "es": re.compile(r"\b(?:ha|han) \w{2,}(?:ado|ido)\b"),
    "pt": re.compile(r"\b(?:tem|t\u00eam) \w{2,}(?:ado|ido)\b"),
    "it": re.compile(r"\b(?:ha|hanno) \w{2,}(?:ato|uto|ito)\b"),
    "nl": re.compile(r"\b(?:heeft|hebben)\b.{0,60}\bge\w{2,}(?:d|t|en)\b"),
}
_WORDS: Final = re.compile(r"[^\W_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\W_]+)?")
_NEAR: Final = 3
"""Words between a pronoun and its verb."""


def about_a_person(sentence: str) -> bool:
    """Whether the subject of a sentence is the candidate or a pronoun: then it claims something about a person."""
    first = _words(sentence)[:3]
    return bool(first) and (first[0] in _PRONOUNS or any(map(_is_candidate, first)))


def mentions_the_candidate(text: str) -> bool:
    """Whether a text has the word for the candidate. `Candidate keys` are something else, and so are `candidates`."""
    said = _words(re.sub(r"candidate keys?\b", "", text, flags=re.IGNORECASE))
    return bool(_UNSPACED.search(text)) or any(map(_is_candidate, said))


def tells_of_a_person(text: str) -> bool:
    """Whether an English text tells what a person did: `since you led the team`."""
    said = _words(text)
    return any(word in _PRONOUNS and any(map(_is_past, said[at + 1 : at + 1 + _NEAR])) for at, word in enumerate(said))


def in_the_past(text: str, language: str) -> bool:
    """Whether a sentence of the text is in the past, so that it tells of something instead of expecting it.

    English, and what the language of the interview uses for it most; other languages than those listed are not known.
    """
    sentences = [_words(found.group()) for found in SENTENCE.finditer(text)]
    if any(said and _is_past(said[0]) for said in sentences):
        return True
    known = dict.fromkeys(("en", language.split("-", maxsplit=1)[0].lower()))
    listed = frozenset().union(*(_PAST.get(one, frozenset()) for one in known))
    low = text.casefold()
    return any(word in listed for said in sentences for word in said) or any(
        bool(_PERFECT[one].search(low)) for one in known if one in _PERFECT
    )


def _words(text: str) -> list[str]:
    return [plain(word) for word in _WORDS.findall(unicodedata.normalize("NFKC", text))]


def _is_candidate(word: str) -> bool:
    return bool(CANDIDATE.match(word)) and word not in _OTHERS


def _is_past(word: str) -> bool:
    regular = word.endswith("ed") and not word.endswith("eed") and word not in _ADJECTIVES
    return word in _FIRST_PAST or (regular and len(word) > len("shed"))
