"""Negations in a passage and before it: a passage that denies something supports no sentence that affirms it.

A negation counts if it stands before the passage in its clause, or within three words across the end of a clause, or in
the passage itself. A sentence that is negated too may rest on either.
"""

import re
from typing import Final

from interview.assessment.words import alike, words
from interview.quotes import SENTENCE

_NEGATION_WORDS: Final = """
not never hardly barely unable dont doesnt didnt cant couldnt wouldnt wont isnt wasnt arent werent havent hasnt
hadnt kaum niemals nunca no neither nor without cannot nicht nie kein keine keinen keinem ohne pas jamais sans
sin non mai senza n\u00e3o sem niet geen nooit zonder bez nigdy \u043d\u0435
\u043d\u0438\u043a\u043e\u0433\u0434\u0430 \u0431\u0435\u0437
"""
_NEGATIONS: Final = frozenset(_NEGATION_WORDS.split())
_DENIAL_WORDS: Final = """
lack lacks lacking little few unsure uncertain unfamiliar inexperienced nothing nobody none limited limits gap gaps
avoids refuses rejects misses missing denies neither wenig fehlt unsicher manque peu falta poco manca pouco ontbreekt
weinig brakuje ma\u0142o
"""
_DENIALS: Final = _NEGATIONS | frozenset(_DENIAL_WORDS.split())
"""Words by which a sentence says itself that something is not so."""
_NOT: Final = ("n't", "n\N{RIGHT SINGLE QUOTATION MARK}t")
_NEAR: Final = 3
"""Words before a passage in which a negation belongs to it, also across the end of a clause."""
_CLAUSE_WORDS: Final = """
, ; : \u2013 \u2014 \u060c \u3001 \uff0c but because so although though while whereas however then instead
aber weil sondern sodass mais parce donc et pero porque sino y ma perch\u00e9 quindi e mas ent\u00e3o maar omdat dus
en ale bo ama \u043d\u043e \u0430 \u0438
"""
_CLAUSE_ENDS: Final = frozenset(_CLAUSE_WORDS.split())
"""What ends a clause, up to which a negation counts."""
_SENTENCE_ENDS: Final = frozenset(".!?\u3002")
_TOKEN: Final = re.compile(
    r"[^\W_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}]\w+)?|[,;:\u2013\u2014\u060c\u3001\uff0c.!?\u3002]"
)
_FILLING_WORDS: Final = """
a an the any all much many really ever yet at to be been have had has do did am is are was were would could can will i
we you it that this just only very so well in on of for with and or my our there
"""
_FILLING: Final = frozenset(_FILLING_WORDS.split())


def negated(passage: str, text: str) -> bool:
    """Whether a negation stands before the passage in its clause, so that it says the opposite without it."""
    begin = text.find(passage)
    sentences = [sentence for sentence in SENTENCE.finditer(text) if sentence.start() <= begin < sentence.end()]
    if not sentences:
        return False
    before = _TOKEN.findall(text[sentences[0].start() : begin].casefold())
    ends = [at for at, word in enumerate(before, 1) if word in _CLAUSE_ENDS]
    near = before[min(ends[-1] if ends else 0, max(0, len(before) - _NEAR)) :]
    return any(map(_negates, near))


def denies(sentence: str) -> bool:
    """Whether a sentence says itself that something is not so, was little or is missing."""
    return any(_negates(word) or word in _DENIALS for word in _TOKEN.findall(sentence.casefold()))


def affirms_what_is_denied(sentence: str, passage: str) -> bool:
    """Whether a sentence without a negation has the first word of what the passage denies in some form.

    `I have not designed it` does not support `designed it`. Of two negations in a clause none counts.
    """
    if denies(sentence):
        return False
    said = words(sentence)
    return any(alike(word, other) for word in _denied(passage) for other in said)


def _denied(passage: str) -> list[str]:
    """The first word with a meaning of its own behind each negation that is alone in its clause."""
    found: list[str] = []
    clause: list[str] = []
    for token in [*_TOKEN.findall(passage.casefold()), "."]:
        if token not in _CLAUSE_ENDS and token not in _SENTENCE_ENDS:
            clause.append(token)
            continue
        at = [index for index, word in enumerate(clause) if _negates(word)]
        if len(at) == 1:
            found += [word for word in words(" ".join(clause[at[0] + 1 :])) if word not in _FILLING][:1]
        clause = []
    return found


def _negates(word: str) -> bool:
    return word in _NEGATIONS or word.endswith(_NOT)
