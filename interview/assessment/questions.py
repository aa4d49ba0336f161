"""Each question of the interviewer with the turns that answer it. Question and answers come from the transcript."""

import re
from collections.abc import Sequence
from typing import Final

from interview.assessment.claim import Claim
from interview.assessment.evidence import Ground
from interview.record import Turn
from interview.report import QuestionReview

WITH_CONTEXT: Final = 200
"""Characters up to which a question is shown with the sentences before it. Alone it often says little: "And why?"."""
_MARK: Final = re.compile("[?\uff1f\u061f\u037e][\"'\u201d\u2019\u00bb)\\]]*")
"""The end of a question, Latin, full-width, Arabic or Greek, with what closes a quote after it."""
_NEXT: Final = re.compile("(?<=[.!?\u061f\u037e])[\"'\u201d\u2019\u00bb)\\]]*\\s+|(?<=[\u3002\uff01\uff1f])\\s*")
"""What stands between two sentences: a space, and nothing in a script without spaces."""
_SHORT_FORM: Final = re.compile(r"(?:^|[\s(])(?:[A-Z][a-z]{0,2}|(?:\w\.)+\w|Prof|etc|vs)\.$")
"""The end of a text whose full stop belongs to a word: "St.", "Dr.", "U.S."."""


def question(text: str) -> str:
    """The last question in a turn of the interviewer, after as many of the sentences before it as fit into
    `WITH_CONTEXT` characters; empty if the turn has no question.
    """
    text = " ".join(text.split())
    marks = [found.end() for found in _MARK.finditer(text)]
    if not marks:
        return ""
    end = marks[-1]
    starts = [
        0,
        *(
            found.end()
            for found in _NEXT.finditer(text)
            if found.end() < end and not _SHORT_FORM.search(text, 0, found.start())
        ),
    ]
    return next((text[start:end] for start in starts if end - start <= WITH_CONTEXT), text[starts[-1] : end])


def reviews(turns: Sequence[Turn], ground: Ground, claims: Sequence[Claim]) -> tuple[QuestionReview, ...]:
    """A review for each question; what the model said of it as far as it stands.

    The answers of a question are the candidate's turns that follow before the interviewer speaks again. A sentence
    about the answer stands only if it quotes one of them.
    """
    said = {(claim.kind, claim.key[1:]): claim for claim in claims if claim.kind in ("answered", "stronger")}
    found: list[QuestionReview] = []
    for at, turn in enumerate(turns):
        asked = question(turn.text) if turn.speaker == "interviewer" else ""
        if not asked:
            continue
        answers = _answers(turns[at + 1 :])
        answered, stronger = (said.get((kind, str(turn.number))) for kind in ("answered", "stronger"))
        evidence = tuple(one for one in answered.evidence if one.turn in answers) if answered else ()
        counts = bool(set(answers) & ground.answers.keys())
        found.append(
            QuestionReview(
                turn=turn.number,
                question=asked,
                answers=answers,
                answered=answered.sentence if answered and evidence else "",
                evidence=evidence,
                stronger=f"A stronger answer would have added: {stronger.sentence}" if stronger and counts else "",
            )
        )
    return tuple(found)


def _answers(following: Sequence[Turn]) -> tuple[int, ...]:
    found: list[int] = []
    for turn in following:
        if turn.speaker == "interviewer":
            break
        found.append(turn.number)
    return tuple(found)
