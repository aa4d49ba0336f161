"""Each question of the interviewer with the turns that answer it. Question and answers come from the transcript."""

import re
from collections.abc import Sequence
from typing import Final

from interview.assessment.claim import Claim
from interview.assessment.evidence import Ground
from interview.record import Turn
from interview.report import QuestionReview

_QUESTION: Final = re.compile("[^.!?\n\u3002\uff01\uff1f\u061f;]*[?\uff1f\u061f]")


def question(text: str) -> str:
    """The last question in a turn of the interviewer; empty if there is none."""
    found = _QUESTION.findall(text)
    return " ".join(found[-1].split()) if found else ""


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
