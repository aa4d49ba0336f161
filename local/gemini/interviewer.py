"""From what was heard to what the interviewer says next. Pure functions of the conversation."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from local.gemini import directions, intents, plan, replies
from local.gemini.briefing import Briefing
from local.gemini.conversation import Conversation, Say, Stage
from local.gemini.directions import Direction
from local.gemini.intents import Intent
from local.gemini.replies import INVITATION, Reply

_ASKING: Mapping[Intent, Callable[[Conversation, str], Reply]] = {
    Intent.ANSWER: replies.go_on,
    Intent.BRIEF: replies.press,
    Intent.UNKNOWN: replies.ease,
    Intent.DECLINE: replies.ease,
    Intent.REPEAT: replies.repeat,
    Intent.CLARIFY: replies.clarify,
    Intent.WAIT: replies.wait,
    Intent.NOTHING: replies.unheard,
    Intent.OVERRIDE: replies.stay,
    Intent.QUESTION: replies.answer,
    Intent.STOP: lambda now, _: replies.farewell(now, "candidate_request"),
}
# Once the candidate may ask, everything but a question means "nothing more".
_INVITING: Mapping[Intent, Callable[[Conversation, str], Reply]] = {
    **_ASKING,
    Intent.QUESTION: replies.invited,
    Intent.BRIEF: replies.encourage,
    **dict.fromkeys((Intent.ANSWER, Intent.UNKNOWN, Intent.DECLINE), lambda now, _: replies.farewell(now, "finished")),
}
_DIRECTED: Mapping[Direction, Callable[[Conversation], Reply]] = {
    Direction.WRAP_UP: replies.wrap_up,
    Direction.NOTE_TIME: replies.note,
    Direction.SILENT: replies.reassure,
    Direction.CONTINUE: replies.resume,
    Direction.BEGIN: replies.resume,
}


def begin(briefing: Briefing, seed: int = 0) -> Conversation:
    """A conversation in which nothing has been said."""
    return Conversation(briefing, plan.make(briefing, seed), seed, name=briefing.name)


def recall(conversation: Conversation, turns: Iterable[tuple[str, str]]) -> Conversation:
    """The conversation after these turns of (role, text). No question is repeated, and there is no second greeting."""
    spoken = [(role, " ".join(text.split())) for role, text in turns if text.strip()]
    said = [text for role, text in spoken if role == "model"]
    if not said:
        return conversation
    everything = " ".join(said)
    made = conversation.plan
    inviting = INVITATION in everything
    asked = sum("?" in text for text in said)
    # The history may come from another plan, so only the number of questions that are left counts.
    unasked = tuple(one for one in made.questions if one not in everything)
    left = () if inviting else unasked[: max(0, len(made.questions) - asked)]
    last = [one for one in made.questions if said[-1].endswith(one)]
    standing = last or [sentence for sentence in re.split(r"(?<=[.!?:]) ", said[-1]) if sentence.endswith("?")]
    return replace(
        conversation,
        plan=replace(made, questions=left),
        stage=Stage.INVITING if inviting else Stage.ASKING,
        turn=len(said),
        # The last question is asked again only if it was not answered.
        question=standing[-1] if standing and spoken[-1][0] == "model" else "",
        fresh=False,
        asked=asked,
        followed=sum(one in everything for one in (*made.follow_ups, *made.what_ifs)),
        eased=sum(one in everything for one in made.simpler),
    )


def interrupted(conversation: Conversation) -> Conversation:
    """The candidate interrupted the question."""
    return replace(conversation, cut=True)


def direct(conversation: Conversation, direction: Direction) -> Conversation:
    """Remember a direction without answering it, because somebody is speaking."""
    little_time = direction in (Direction.WRAP_UP, Direction.NOTE_TIME)
    return replace(conversation, wrapping=conversation.wrapping or little_time)


def kept(conversation: Conversation) -> tuple[Conversation, Say]:
    """Go on because the client refused to end the interview. Takes the conversation as it was before the farewell."""
    return replies.ask(replace(conversation, turn=conversation.turn + 1), "We still have some time.")


def reply(conversation: Conversation, heard: str) -> tuple[Conversation, Say]:
    """The reply to what was heard: the candidate's words, or a direction in square brackets."""
    after, say = _reply(conversation, heard, directions.read(heard))
    return replace(after, turn=after.turn + 1, cut=False), say


def _reply(now: Conversation, heard: str, direction: Direction | None) -> Reply:
    if direction is Direction.STOP:
        return replies.farewell(now, "time")
    if now.stage is Stage.WAITING:
        return replies.greet(now)
    if now.stage is Stage.CLOSED:
        return replies.farewell(now, "finished")
    if direction is not None:
        return _DIRECTED[direction](now)
    handlers = _INVITING if now.stage is Stage.INVITING else _ASKING
    return handlers[intents.read(heard)](now, heard)
