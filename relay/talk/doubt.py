"""What makes a transcription doubtful: written in a script that the language does not use, or the interviewer's words.

Sources: transcripts in languages that nobody spoke (google-gemini/cookbook#1345), loudspeakers that the microphone
hears (livekit/agents#1684).
"""

import re
import unicodedata
from collections import Counter
from typing import Final

from interview.record import Doubt
from relay.talk.directions import words

_SCRIPTS: Final = {
    "ar": "ARABIC", "bg": "CYRILLIC", "bn": "BENGALI", "cmn": "CJK", "el": "GREEK", "fa": "ARABIC", "gu": "GUJARATI",
    "he": "HEBREW", "hi": "DEVANAGARI", "ja": "CJK HIRAGANA KATAKANA", "kn": "KANNADA", "ko": "HANGUL",
    "ml": "MALAYALAM", "mr": "DEVANAGARI", "ru": "CYRILLIC", "ta": "TAMIL", "te": "TELUGU", "th": "THAI",
    "uk": "CYRILLIC", "ur": "ARABIC", "zh": "CJK",
}  # fmt: skip
"""The scripts of languages that are not written in Latin letters. Latin names and terms occur in all of them."""
_COMMON_WORDS: Final = {
    "en": "the and to of a in that it is was i we you for on with as have but they this not be are at",
    "de": "der die das und ich wir nicht ist ein eine zu den mit auf für es war auch dass von im sich dem",
    "fr": "le la les et je nous de des un une que est pas dans pour sur avec ce il était du qui en on",
    "es": "el la los las y yo de que un una en es no por con para se lo fue como más pero nos había",
    "it": "il la le e io di che un una in è non per con si del della ma ho abbiamo sono era come anche",
    "pt": "o a os as e eu de que um uma em é não por com para se do da mas foi nós como mais no na",
    "nl": "de het een en ik we van dat is niet in op te voor met was zijn maar ook er aan om ze",
    "pl": "i w na z nie się to że jest do jak ale był była o po co tak my ja dla od przez",
    "tr": "ve bir bu da de için ile çok ama ben biz olarak daha gibi var yok ne o sonra kadar",
}
_COMMON: Final = {language: frozenset(common.split()) for language, common in _COMMON_WORDS.items()}
"""The commonest words of languages that share the Latin script."""
_ENOUGH_WORDS: Final = 8
_ECHO_WORDS: Final = 4
"""Words in a row that are no coincidence."""
MOST_DIFFERENT: Final = 0.5
"""Chosen, not measured: two good transcriptions of the same speech differ in fillers, numbers and names. A text in
another language, or an invented one, shares hardly a word.
"""
_COMPARED: Final = 4
"""Words that the longer transcription must have: a "yes" and a "yeah" can't be compared."""
_UNSPACED: Final = frozenset(("cmn", "ja", "th", "zh"))
_LETTER: Final = re.compile(r"[^\W\d_]")


def find(text: str, *, language: str, interviewer: str) -> tuple[Doubt, ...]:
    """The doubts about a candidate's words, given the interview's language (BCP-47) and the interviewer's last turn."""
    doubts: list[Doubt] = []
    if foreign(text, language):
        doubts.append("language")
    if echoes(text, interviewer):
        doubts.append("echo")
    return tuple(doubts)


def foreign(text: str, language: str) -> bool:
    """Whether most letters are of a script that the language does not use, or most common words another language's."""
    primary = language.split("-", maxsplit=1)[0].lower()
    expected = _SCRIPTS.get(primary, "LATIN").split()
    scripts = [unicodedata.name(letter, "").split(" ")[0] for letter in _LETTER.findall(text)]
    if scripts and sum(script not in expected and script != "LATIN" for script in scripts) * 2 > len(scripts):
        return True
    said = words(text)
    if primary not in _COMMON or len(said) < _ENOUGH_WORDS:
        return False
    counts = {one: sum(word in common for word in said) for one, common in _COMMON.items()}
    best = max(counts, key=lambda one: counts[one])
    return counts[best] * 5 >= len(said) and counts[best] >= 3 * max(1, counts[primary])


def differ(text: str, other: str, language: str) -> bool:
    """Whether two transcriptions of the same speech differ so much that one of them is wrong (`difference`)."""
    return max(len(_pieces(text, language)), len(_pieces(other, language))) >= _COMPARED and (
        difference(text, other, language) > MOST_DIFFERENT
    )


def difference(text: str, other: str, language: str) -> float:
    """How far two transcriptions are apart, from 0 to 1: of the words of both, the share that the other one lacks.

    The order does not count, so the time grows only with the number of words. The relay can't spend more.
    """
    one, two = Counter(_pieces(text, language)), Counter(_pieces(other, language))
    all_words = one.total() + two.total()
    return 1 - 2 * (one & two).total() / all_words if all_words else 0.0


def _pieces(text: str, language: str) -> list[str]:
    """The words, or the letters where words are not separated."""
    said = words(text)
    return list("".join(said)) if language.split("-", maxsplit=1)[0].lower() in _UNSPACED else said


def echoes(text: str, interviewer: str) -> bool:
    """Whether the words occur in a row in what the interviewer said last: heard through the loudspeaker."""
    said = words(text)
    if len(said) < _ECHO_WORDS:
        return False
    return f" {' '.join(said)} " in f" {' '.join(words(interviewer))} "
