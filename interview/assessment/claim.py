"""The check of one sentence of the model: a claim stands if the transcript proves it (docs/decisions/0050-claims.md).

A claim about something that was said has at least one quote. The quote is in a turn of the candidate's that counts. It
is not what the interviewer had said before, does not speak to the assessor, and denies nothing that the sentence
affirms. Every name, number and product of the sentence is among the words of the turns that it cites: topic, CV, job
description and the interviewer's words are not the candidate's. So is every word that is not common, in the languages
of `interview/assessment/vocabulary.py`, unless the topic, the rubric or the interviewer has it without a capital: then
it is a term of the field.

A claim about something absent names it in a few words. It has no quote, so it may use only names and numbers of the
topic, the rubric or the conversation; and no answer, not even a doubtful one, may have all its words.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from interview.assessment.evidence import Ground
from interview.assessment.names import names
from interview.assessment.negation import affirms_what_is_denied, denies, negated
from interview.assessment.numerals import numbers
from interview.assessment.person import about_a_person, mentions_the_candidate, tells_of_a_person
from interview.assessment.vocabulary import strange
from interview.assessment.words import Said, words
from interview.quotes import demands, find, speaks_to_the_assessor, states_a_verdict
from interview.report import Evidence

Kind = Literal["strength", "improvement", "answered", "stronger", "step"]
"""What a sentence is for: a finding, how a question was answered, what to add to the answer, what to do next."""

MAX_SENTENCE: Final = 300
"""Characters of a sentence."""
MAX_QUOTES: Final = 4
"""Quotes that are shown for one sentence."""
_MAX_SUBJECT: Final = 14
"""Words that name something absent."""
_MAX_STRONGER: Final = 30
"""Words of what a stronger answer would have added."""
_PREAMBLE: Final = re.compile(
    r"^(?:the candidate |you |they |he |she )?(?:did not|didn't|does not|doesn't|never|no|not|nothing about)\s+"
    r"(?:(?:mention|speak|spoke|say|said|explain|discuss|address|cover|name|give|talk|touch)(?:e?d)?\b\s*(?:of|about|on)?\s*)?",
    re.IGNORECASE,
)
_SMALL_WORDS: Final = """
a an the of in on at to for with and or but not no how what when where which who why that this is are was were be it its
as by from about into than then their they any some der die das den dem des ein eine und oder zu von mit für auf wie was
warum le la les l de du un une et ou à pour avec dans que qui comment el los las y o en con por para como il lo gli di e
per che come os um uma em com het een van met voor hoe
"""
_FUNCTION_WORDS: Final = frozenset(_SMALL_WORDS.split())
_FOUND_IN: Final = "the candidate's words"


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence of the model, before the check. `quotes` are pairs of what it gives as turn and words."""

    key: str
    kind: Kind
    sentence: str
    quotes: tuple[tuple[Any, str], ...] = ()
    absent: bool = False
    competency: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that stands, with its evidence; `absent` ones have none."""

    key: str
    kind: Kind
    sentence: str
    evidence: tuple[Evidence, ...] = ()
    absent: bool = False
    competency: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a draft: the claim, or the reasons against it; and how many quotes it had and lost."""

    draft: Draft
    claim: Claim | None
    reasons: tuple[str, ...]
    quotes: int
    quotes_dropped: int


class Court:
    """Checks sentences against the ground. `vocabulary` has the texts of topic and rubric."""

    def __init__(self, ground: Ground, vocabulary: Sequence[str], language: str) -> None:
        self.ground = ground
        self.language = language
        said = [*ground.asked.values(), *ground.answers.values(), *ground.doubted.values()]
        self._known = Said([*vocabulary, *said], language)
        self._field = Said([_without_names(text, language) for text in (*vocabulary, *ground.asked.values())], language)
        self._by_turn = {turn: Said([text], language) for turn, text in (ground.answers | ground.doubted).items()}

    def check(self, draft: Draft) -> Checked:
        """Whether a sentence stands."""
        reasons: list[str] = []
        evidence = tuple(dict.fromkeys(self._evidence(draft, reasons)))
        lost = len(reasons)
        reasons = reasons if not evidence else []
        reasons += self._form(draft)
        if draft.kind in ("stronger", "step") or draft.absent:
            evidence = ()
            reasons += self._unsaid(draft)
        elif evidence:
            turns = dict.fromkeys(one.turn for one in evidence)
            said = Said([self.ground.answers[turn] for turn in turns], self.language)
            where = f"the turns that the sentence cites ({', '.join(map(str, turns))})"
            reasons += self._unproven(draft.sentence, said, where)
        elif not draft.quotes:
            reasons.append("The sentence has no quote.")
        claim = (
            None
            if reasons
            else Claim(draft.key, draft.kind, draft.sentence, evidence[:MAX_QUOTES], draft.absent, draft.competency)
        )
        return Checked(draft, claim, tuple(reasons), len(draft.quotes), lost)

    def _form(self, draft: Draft) -> Iterator[str]:
        if not words(draft.sentence):
            yield "There is no sentence."
        if len(draft.sentence) > MAX_SENTENCE:
            yield f"The sentence has more than {MAX_SENTENCE} characters."
        if demands(draft.sentence):
            yield "The sentence speaks to the assessor."
        if states_a_verdict(draft.sentence):
            yield "The sentence states a verdict or a score."
        if draft.absent and draft.kind != "improvement":
            yield "Only an improvement may be about something absent."

    def _evidence(self, draft: Draft, reasons: list[str]) -> Iterator[Evidence]:
        for turn, quote in draft.quotes:
            found = self._locate(turn, quote, draft.sentence)
            if isinstance(found, Evidence):
                yield found
            else:
                reasons.append(found)

    def _locate(self, turn: Any, quote: str, sentence: str) -> Evidence | str:
        """Where a quote is, in the turn that it names or else in another; or why it is no evidence."""
        answers = self.ground.answers
        named = [turn] if isinstance(turn, int) and turn in answers else []
        reason = f'The quote "{quote[:MAX_SENTENCE]}" is not in {_FOUND_IN}.'
        if isinstance(turn, int) and turn in self.ground.doubted:
            reason = f"Turn {turn} is in doubt and counts neither way."
        for number in [*named, *answers]:
            passage = find(quote, answers[number])
            if passage is None:
                continue
            if speaks_to_the_assessor(passage, answers[number]):
                reason = "The quote speaks to the assessor."
            elif self.ground.borrowed(passage, number):
                reason = f'The quote "{passage}" repeats the interviewer.'
            elif negated(passage, answers[number]) and not denies(sentence):
                reason = f'The quote "{passage}" leaves out the negation before it.'
            elif affirms_what_is_denied(sentence, passage):
                reason = f'The quote "{passage}" denies what the sentence says.'
            else:
                return Evidence(number, passage)
        return reason

    def _unproven(self, sentence: str, said: Said, where: str) -> Iterator[str]:
        for number in numbers(sentence, self.language):
            if not said.has_number(number):
                yield f'The number "{number.text}" is not in {where}.'
        for name in names(sentence, self.language):
            if not said.has_name(name):
                yield f'The name or product "{name}" is not in {where}.'
        for word in strange(sentence, self.language):
            if not said.has_word(word) and not self._field.has_word(word):
                yield f'The word "{word}" is not in {where}.'

    def _unsaid(self, draft: Draft) -> Iterator[str]:
        yield from self._unproven(draft.sentence, self._known, "the topic, the rubric or the conversation")
        said_of_a_person = mentions_the_candidate(draft.sentence) or tells_of_a_person(draft.sentence)
        if about_a_person(draft.sentence) or said_of_a_person:
            yield "The sentence is about the candidate, and has no quote."
        if draft.kind == "stronger" and len(words(draft.sentence)) > _MAX_STRONGER:
            yield f"What a stronger answer would have added must have {_MAX_STRONGER} words at most."
        if draft.kind != "improvement":
            return
        wanted = subject(draft.sentence)
        if not wanted or len(words(draft.sentence)) > _MAX_SUBJECT:
            yield f"What is absent must be named in {_MAX_SUBJECT} words at most."
            return
        for turn, said in self._by_turn.items():
            if said.has_subject(wanted):
                yield f"Turn {turn} speaks of it, so it is not absent."


def _without_names(text: str, language: str) -> str:
    """A text without its names: what is left can be terms of a field."""
    return functools.reduce(lambda rest, name: rest.replace(name, " "), names(text, language), text)


def subject(sentence: str) -> list[str]:
    """The plain words that name what is absent, without words that have no meaning of their own."""
    return [word for word in words(sentence) if word not in _FUNCTION_WORDS]


def absent_subject(sentence: str) -> str:
    """What a sentence says is absent: without a beginning such as `The candidate did not mention`."""
    return _PREAMBLE.sub("", sentence.strip()).rstrip(".") or sentence
