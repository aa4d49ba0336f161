"""How the interviewer replies to each kind of utterance and direction. Pure functions of the conversation."""

import random
import re
from dataclasses import replace

from local.gemini import answers
from local.gemini.conversation import Conversation, Say, Stage
from local.gemini.phrases import own_name, salient, spelled

NAME = "Iris"
INVITATION = "Do you have any questions for me?"
_MOST_FOLLOW_UPS = 3
_MOST_ANSWERS = 2
_MOST_MISSED = 3
_NOTED_SHARE = 0.6  # of the answers with a phrase in them that are acknowledged with it

_THANKS = (
    "Thank you.",
    "Thanks, that helps.",
    "Good, thank you.",
    "I see, thanks.",
    "All right, thanks.",
    "Understood, thank you.",
)
_NOTED = (
    "Thanks, it helps to hear about {phrase}.",
    "That is useful to know about {phrase}, thank you.",
    "Thank you, I have made a note of {phrase}.",
)
_PICKED = (
    "You mentioned {phrase}.",
    "Let me stay with {phrase} for a moment.",
    "I would like to hear more about {phrase}.",
)
_STAYED = "Let me stay with that for a moment."
_BRIDGES = (
    "",
    "Let's move on.",
    "Let me turn to something else.",
    "Let me change the subject a little.",
)
_ENCOURAGED = (
    "No problem at all, thanks for being honest.",
    "That's fine, nobody knows everything.",
    "That's all right, let's leave that one.",
)
_HYPOTHETICAL = re.compile(r"\b(i'd|i would|i could|you would|would be|i might|i'll|i will)\b", re.IGNORECASE)
_BEGINNING = re.compile(r"\W*(yes|yeah|yep|sure|i do|i have|one thing|actually|so|okay|ok)\b", re.IGNORECASE)

Reply = tuple[Conversation, Say]


def greet(now: Conversation) -> Reply:
    """Hello, by name if the CV tells it, and the opening question. Short: the candidate is waiting to begin."""
    hello = f"Hello {now.name}," if now.name else "Hello,"
    words = [f"{hello} I'm {NAME}, your interviewer today."]
    if not now.briefing.english:
        words.append("I only speak English here, so we'll go on in English.")
    if not now.name:
        words.append("Please tell me what I may call you.")
    return ask(now, *words)


def ask(now: Conversation, *before: str) -> Reply:
    """The next planned question after some words, or the invitation when there is none."""
    if now.wrapping or now.planned >= len(now.plan.questions) or now.asked >= now.plan.most:
        lead = "We are nearly out of time, so over to you." if now.wrapping else "Those were all my questions."
        after = replace(now, stage=Stage.INVITING, question=INVITATION, fresh=False)
        return after, Say((*before, lead, INVITATION))
    question = now.plan.questions[now.planned]
    # A question that begins with a sentence of its own needs no other to lead over to it.
    bridge = _chance(now).choice(_BRIDGES) if now.planned > 1 and ". " not in question else ""
    after = replace(_asking(now, question, fresh=True), planned=now.planned + 1)
    return after, Say(tuple(part for part in (*before, bridge, question) if part))


def go_on(now: Conversation, heard: str) -> Reply:
    """After an answer: pick something up from it, or move on."""
    if now.name is None:
        now = replace(now, name=own_name(heard))
    used = (now.briefing.topic, now.briefing.full_name, now.name or "", NAME, now.question.rstrip("?"), *now.picked)
    phrase = salient(heard, used)
    # A single everyday noun shows that there is something to ask about, and sounds odd when it is quoted.
    specific = phrase is not None and (phrase[0].isupper() or phrase.count(" ") > 1)
    if phrase and specific:
        phrase = spelled(phrase, (*now.briefing.employers, *now.briefing.projects))
        now = replace(now, picked=(*now.picked, phrase))
    # The first follow-up comes early, so that the candidate notices being listened to; after that every third question.
    due = now.fresh and now.followed < _MOST_FOLLOW_UPS and (now.planned - 1) % 3 == 0
    # Of an introduction only something particular is worth a second question.
    due = due and (specific or now.planned > 1)
    if phrase and due and not now.wrapping and now.asked < now.plan.most:
        stock = now.plan.what_ifs if _HYPOTHETICAL.search(heard) else now.plan.follow_ups
        question = stock[now.followed % len(stock)]
        after = replace(_asking(now, question, fresh=False), followed=now.followed + 1)
        picked = _PICKED[(now.followed + now.seed) % len(_PICKED)].format(phrase=phrase) if specific else _STAYED
        return after, Say((_vary(_THANKS, now), picked, question))
    if specific and _chance(now).random() < _NOTED_SHARE:
        return ask(now, _vary(_NOTED, now).format(phrase=phrase))
    return ask(now, _vary(_THANKS, now))


def press(now: Conversation, heard: str) -> Reply:
    """After a few words only: ask for more once, then leave it. Cut off by them: let the candidate speak."""
    if now.cut:
        return now, Say(("Sorry, go ahead.", f"I was asking: {now.question}"))
    if not now.fresh or now.wrapping:
        return go_on(now, heard)
    more = now.plan.more[now.turn % len(now.plan.more)]
    return replace(now, fresh=False), Say(("All right.", more))


def ease(now: Conversation, heard: str) -> Reply:
    """After "I don't know": encourage, and ask something simpler, which takes the place of a planned question."""
    if now.cut:
        return press(now, heard)
    kind = _ENCOURAGED[now.eased % len(_ENCOURAGED)]
    last = now.planned >= len(now.plan.questions) or now.eased >= len(now.plan.simpler)
    if last or now.wrapping or now.asked >= now.plan.most:
        return ask(replace(now, eased=now.eased + 1), kind)
    question = now.plan.simpler[now.eased]
    after = replace(_asking(now, question, fresh=False), eased=now.eased + 1, planned=now.planned + 1)
    return after, Say((kind, "Let's try it another way.", question))


def repeat(now: Conversation, _: str) -> Reply:
    """The standing question once more."""
    return now, Say(("Of course.", now.question))


def clarify(now: Conversation, _: str) -> Reply:
    """The standing question once more, and what would do for an answer."""
    return now, Say(("Gladly.", "Anything concrete that you have seen or done will do, big or small.", now.question))


def wait(now: Conversation, _: str) -> Reply:
    """The candidate keeps the floor."""
    return now, Say(("Of course, take your time.", *([now.question] if now.cut else [])))


def unheard(now: Conversation, _: str) -> Reply:
    """Someone spoke over the interviewer, and no words were understood."""
    if now.missed + 1 >= _MOST_MISSED:
        return replace(now, missed=0), Say(("I can't hear you well.", "You can type your answer if you like."))
    return replace(now, missed=now.missed + 1), Say(
        ("Sorry, I didn't catch that.", f"The question was: {now.question}")
    )


def stay(now: Conversation, _: str) -> Reply:
    """The candidate tries to give the interviewer another task."""
    return now, Say(("I'd rather stay with our interview, if that's all right.", now.question))


def answer(now: Conversation, heard: str) -> Reply:
    """A question of the candidate's in the middle of the interview."""
    return now, Say((answers.to(heard, now.briefing), "Back to you.", now.question))


def invited(now: Conversation, heard: str) -> Reply:
    """The candidate's questions at the end: two answers at most, then goodbye."""
    reply = answers.to(heard, now.briefing)
    if now.answered + 1 >= _MOST_ANSWERS:
        after, say = farewell(now, "finished")
        return after, Say((reply, *say.sentences), say.ends)
    question = "Is there anything else you would like to ask?"
    return replace(now, answered=now.answered + 1, question=question), Say((reply, question))


def encourage(now: Conversation, heard: str) -> Reply:
    """A few words when the candidate may ask: a beginning, or a polite no."""
    if _BEGINNING.match(heard):
        return now, Say(("Please, go ahead.",))
    return farewell(now, "finished")


def farewell(now: Conversation, reason: str) -> Reply:
    """Goodbye, and the end of the interview with a reason: finished, candidate_request or time."""
    if now.stage is Stage.CLOSED:
        return now, Say(("Thank you again, and goodbye.",), ends=reason)
    first = {"time": ["Our time is up."], "candidate_request": ["Of course, we can stop here."]}
    thanks = f"Thank you for talking to me today{f', {now.name}' if now.name else ''}."
    remembered = [f"I enjoyed hearing about {now.picked[0]}."] if now.picked else []
    goodbye = ["Your summary will be ready in a moment.", "All the best, and goodbye."]
    words = (*first.get(reason, []), thanks, *remembered, *goodbye)
    return replace(now, stage=Stage.CLOSED, question=""), Say(words, ends=reason)


def wrap_up(now: Conversation) -> Reply:
    """Told that little time is left."""
    if now.stage is Stage.INVITING:
        return now, Say(("We have a few minutes left for your questions.",))
    words = ("Just so you know, we have only a few minutes left.", "Finish your thought, and then we'll wrap up.")
    return replace(now, wrapping=True), Say(words)


def note(now: Conversation) -> Reply:
    """Told that little time is left, and to say nothing about it."""
    return replace(now, wrapping=True), Say()


def reassure(now: Conversation) -> Reply:
    """Told that the candidate has been silent."""
    return now, Say(("Take all the time you need.", f"The question was: {now.question}"))


def resume(now: Conversation) -> Reply:
    """Told to go on after an interruption of the connection."""
    if now.question:
        return now, Say(("Sorry about the interruption.", "Let me ask again.", now.question))
    return ask(now, "Sorry about the interruption.")


def _asking(now: Conversation, question: str, *, fresh: bool) -> Conversation:
    """The conversation with a new question standing."""
    return replace(now, stage=Stage.ASKING, question=question, asked=now.asked + 1, missed=0, fresh=fresh)


def _chance(now: Conversation) -> random.Random:
    return random.Random(f"{now.seed}/{now.turn}/{now.name}")


def _vary(texts: tuple[str, ...], now: Conversation) -> str:
    """One of the texts, never the same twice in a row."""
    return texts[(now.turn + now.seed) % len(texts)]
