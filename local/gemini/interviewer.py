"""From what was heard to what the interviewer says next. Pure functions of the conversation."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from local.gemini import directions, intents, plan, replies
from local.gemini.briefing import Briefing
from local.gemini.conversation import Conversation, Say, Stage
from local.gemini.directions import Direction
from local.gemini.english import sentences
from local.gemini.intents import Intent
from local.gemini.replies import INVITATION, Reply

_ASKING: Mapping[Intent, Callable[[Conversation, str], Reply]] = {
    Intent.UNKNOWN: replies.ease,
    Intent.DECLINE: replies.decline,
    Intent.REPEAT: replies.repeat,
    Intent.CLARIFY: replies.clarify,
    Intent.WAIT: replies.wait,
    Intent.NOTHING: replies.unheard,
    Intent.NONSENSE: replies.puzzle,
    Intent.OVERRIDE: replies.stay,
    Intent.QUESTION: replies.answer,
    Intent.STOP: lambda now, _: replies.farewell(now, "candidate_request"),
}
# Once the candidate may ask, everything but a question means "nothing more".
_NO_MORE = (Intent.ANSWER, Intent.UNKNOWN, Intent.DECLINE, Intent.NONSENSE)
_INVITING: Mapping[Intent, Callable[[Conversation, str], Reply]] = {
    **_ASKING,
    Intent.QUESTION: replies.invited,
    Intent.BRIEF: replies.encourage,
    **dict.fromkeys(_NO_MORE, lambda now, _: replies.farewell(now, "finished")),
}
_DIRECTED: Mapping[Direction, Callable[[Conversation], Reply]] = {
    Direction.WRAP_UP: replies.wrap_up,
    Direction.NOTE_TIME: replies.note,
    Direction.SILENT: replies.offer,
    Direction.CONTINUE: replies.resume,
    Direction.REPEAT: replies.say_again,
    Direction.BEGIN: replies.say_again,
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
    standing = last or [sentence for sentence in sentences(said[-1]) if sentence.endswith("?")]
    return replace(
        conversation,
        plan=replace(made, questions=left),
        stage=Stage.INVITING if inviting else Stage.ASKING,
        turn=len(said),
        # The last question is asked again only if it was not answered.
        question=standing[-1] if standing and spoken[-1][0] == "model" else "",
        fresh=False,
        asked=asked,
        followed=sum(one in everything for one in (*made.follow_ups, *made.there, *made.with_it, *made.what_ifs)),
        pressed=sum(one in everything for one in made.more),
        unclear=sum(one in everything for one in made.unclear),
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


def reply(conversation: Conversation, heard: str, *, spoken: bool = False) -> tuple[Conversation, Say]:
    """The reply to what was heard: the candidate's words, or a direction in square brackets.

    What was `spoken` may be misheard, so of its words only what is confirmed elsewhere is said back.
    """
    after, say = _reply(conversation, heard, directions.read(heard), spoken=spoken)
    return replace(after, turn=after.turn + 1, cut=False), say


def _reply(now: Conversation, heard: str, direction: Direction | None, *, spoken: bool) -> Reply:
    if direction is Direction.STOP:
        return replies.farewell(now, "time")
    if now.stage is Stage.WAITING:
        return replies.greet(now)
    if now.stage is Stage.CLOSED:
        return replies.farewell(now, "finished")
    if direction is not None:
        return _DIRECTED[direction](now)
    intent = intents.read(heard)
    if now.stage is Stage.INVITING:
        return _INVITING[intent](now, heard)
    return _answer(now, heard, intent, spoken=spoken)


def _answer(now: Conversation, heard: str, intent: Intent, *, spoken: bool) -> Reply:
    """The reply to what was heard after a question of the interviewer's."""
    if now.offered and (taken := replies.take_offer(now, heard)):
        return taken
    if intent in (Intent.ANSWER, Intent.BRIEF, Intent.NONSENSE):
        now = replies.learn(now, heard, spoken=spoken)
        if met := replies.meet(now, heard, spoken=spoken):
            return met
    match intent:
        case Intent.ANSWER:
            return replies.go_on(now, heard, spoken=spoken)
        case Intent.BRIEF:
            return replies.press(now, heard, spoken=spoken)
        case _:
            return _ASKING[intent](now, heard)
