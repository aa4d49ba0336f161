"""How the interviewer replies to each kind of utterance and direction. Pure functions of the conversation."""

import random
import re
from dataclasses import replace

from local.gemini import answers, wording
from local.gemini.conversation import Conversation, Say, Stage
from local.gemini.english import sentences
from local.gemini.introduction import is_introduction, own_name
from local.gemini.phrases import Mention, mention

NAME = "Iris"
INVITATION = "Do you have any questions for me?"
_MOST_FOLLOW_UPS = 3
_MOST_ANSWERS = 2
_MOST_MISSED = 3
_NOTED_SHARE = 0.6  # of the answers with a phrase in them that are acknowledged with it

_HYPOTHETICAL = re.compile(r"\b(i'd|i would|i could|you would|would be|i might|i'll|i will)\b", re.IGNORECASE)
_ABOUT = re.compile(r"\b(i|i'm|i've|i'd|i'll|we|we've|we'd|my|our|me|us|you|your)\b", re.IGNORECASE)
_SUBSTANCE = 8  # words from which an answer has something to stay with
_CHOICE = 8  # words at most of an answer to the offer
_TIME = re.compile(r"\b(time|minute|moment|thinking|no|wait)\b", re.IGNORECASE)
_OTHER_WORDS = re.compile(r"\b(other|words|yes|yeah|please|differently|rephrase|second)\b", re.IGNORECASE)
_BEGINNING = re.compile(r"\W*(yes|yeah|yep|sure|i do|i have|one thing|actually|so|okay|ok)\b", re.IGNORECASE)

Reply = tuple[Conversation, Say]


def greet(now: Conversation) -> Reply:
    """Hello, by name if the CV tells it, and the opening question. Short: the candidate is waiting to begin."""
    hello = f"Hello {now.name}," if now.name else "Hello,"
    words = [f"{hello} I'm {NAME}, your interviewer today."]
    if not now.briefing.english:
        words.append("I only speak English here, so we'll go on in English.")
    if now.briefing.question:
        words.append("Let's practise one question.")
    elif not now.name:
        words.append("Please tell me what I may call you.")
    return ask(now, *words)


def ask(now: Conversation, *before: str, bridged: bool = False) -> Reply:
    """The next planned question after some words, or the invitation when there is none. `bridged` if these words lead
    over to it already.
    """
    if now.wrapping or now.planned >= len(now.plan.questions) or now.asked >= now.plan.most:
        lead = "We are nearly out of time, so over to you." if now.wrapping else "Those were all my questions."
        after = replace(now, stage=Stage.INVITING, question=INVITATION, fresh=False)
        return after, Say((*before, lead, INVITATION))
    question = now.plan.questions[now.planned]
    # A question that begins with a sentence of its own needs no other to lead over to it.
    leads = bridged or now.planned <= 1 or len(sentences(question)) > 1
    bridge = "" if leads else _vary(wording.BRIDGES, now)
    after = replace(_asking(now, question, fresh=True), planned=now.planned + 1)
    return after, Say(tuple(part for part in (*before, bridge, question) if part))


def learn(now: Conversation, heard: str, *, spoken: bool) -> Conversation:
    """The conversation with the name that the candidate told, if there was none and it surely is one."""
    return now if now.name else replace(now, name=own_name(heard, spoken=spoken, asked=_asked_name(now)))


def meet(now: Conversation, heard: str, *, spoken: bool) -> Reply | None:
    """After the candidate told the name that they were asked for, which `learn` may have understood: nice to meet you,
    and the first question in other words if that was all. None if no name was asked for or told.
    """
    alone = is_introduction(heard)
    if not _asked_name(now) or not (now.name or alone):
        return None
    hello = f"Nice to meet you, {now.name}." if now.name else "Nice to meet you."
    if alone:
        return _asking(replace(now, asked=0), now.plan.opening, fresh=True), Say((hello, now.plan.opening))
    return go_on(now, heard, spoken=spoken, thanks=hello)


def _asked_name(now: Conversation) -> bool:
    """Whether the greeting, which is the last that was said, asked for the name."""
    # A conversation that continues late may have no question left in its plan.
    greeting = now.stage is Stage.ASKING and now.question in now.plan.questions[:1]
    return greeting and now.briefing.name is None and not now.briefing.question


def go_on(now: Conversation, heard: str, *, spoken: bool, thanks: str = "") -> Reply:
    """After an answer: pick something up from it, or move on. `thanks`: what is said in place of thanks."""
    one = _mention(now, heard, spoken=spoken)
    if one:
        now = replace(now, picked=(*now.picked, one.phrase))
    thanks = thanks or _vary(wording.THANKS if one or _ABOUT.search(heard) else wording.PLAIN, now)
    # The first follow-up comes early, so that the candidate notices being listened to; after that every third question.
    due = now.fresh and now.followed < _MOST_FOLLOW_UPS and (now.planned - 1) % 3 == 0 and not now.wrapping
    # Of an introduction only something particular is worth a second question.
    worth = one is not None or (now.planned > 1 and len(heard.split()) >= _SUBSTANCE)
    if due and worth and now.asked < now.plan.most:
        question = _stock(now, heard, one)[now.followed]
        after = replace(_asking(now, question, fresh=False), followed=now.followed + 1)
        picked = (
            _quoted(wording.PICKED[(now.followed + now.seed) % len(wording.PICKED)], one.phrase)
            if one
            else wording.STAYED
        )
        return after, Say((thanks, picked, question))
    if one and thanks in wording.THANKS and _chance(now).random() < _NOTED_SHARE:
        return ask(now, _quoted(_vary(wording.NOTED, now), one.phrase))
    return ask(now, thanks)


def _mention(now: Conversation, heard: str, *, spoken: bool) -> Mention | None:
    briefing = now.briefing
    return mention(
        heard,
        spoken=spoken,
        places=briefing.employers,
        things=briefing.projects,
        terms=now.plan.terms,
        used=(briefing.topic, briefing.full_name, now.name or "", NAME, now.question, *now.picked),
    )


def _stock(now: Conversation, heard: str, one: Mention | None) -> tuple[str, ...]:
    """The follow-ups for this answer."""
    if one:
        return now.plan.there if one.place else now.plan.with_it
    return now.plan.what_ifs if _HYPOTHETICAL.search(heard) else now.plan.follow_ups


def press(now: Conversation, heard: str, *, spoken: bool = False) -> Reply:
    """After a few words only: ask for more once, then leave it. Cut off by them: let the candidate speak."""
    if now.cut:
        return now, Say(("Sorry, go ahead.", f"I was asking: {now.question}"))
    if not now.fresh or now.wrapping or now.pressed >= len(now.plan.more):
        return go_on(now, heard, spoken=spoken)
    more = now.plan.more[now.pressed]
    return replace(now, fresh=False, pressed=now.pressed + 1), Say(("All right.", more))


def puzzle(now: Conversation, _: str) -> Reply:
    """After nonsense: say so and ask for other words once, then for something else."""
    if now.cut:
        return press(now, "")
    if not now.fresh or now.wrapping or now.unclear >= len(now.plan.unclear):
        return ask(replace(now, unclear=now.unclear + 1), wording.LEFT[now.unclear % len(wording.LEFT)], bridged=True)
    question = now.plan.unclear[now.unclear]
    return replace(now, fresh=False, unclear=now.unclear + 1), Say(("I didn't follow that.", question))


def decline(now: Conversation, heard: str) -> Reply:
    """After "no": something simpler."""
    return ease(now, heard, wording.DECLINED)


def ease(now: Conversation, heard: str, kinds: tuple[str, ...] = wording.ENCOURAGED) -> Reply:
    """After "I don't know": encourage, and ask something simpler, which takes the place of a planned question."""
    if now.cut:
        return press(now, heard)
    kind = kinds[now.eased % len(kinds)]
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
    return now, Say((answers.to(heard), "Back to you.", now.question))


def invited(now: Conversation, heard: str) -> Reply:
    """The candidate's questions at the end: two answers at most, then goodbye."""
    reply = answers.to(heard)
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
    goodbye = ["Your summary will be ready in a moment.", "All the best, and goodbye."]
    words = (*first.get(reason, []), thanks, *goodbye)
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


def offer(now: Conversation) -> Reply:
    """Told that the candidate has been silent: time, or the question in other words. Then time only."""
    if now.offered or now.stage is not Stage.ASKING:
        return now, Say(("There is no hurry.", "Take all the time you need."))
    return replace(now, offered=True), Say(("Would you like more time, or shall I put the question in other words?",))


def take_offer(now: Conversation, heard: str) -> Reply | None:
    """After the offer: a few words that choose between time and other words. None if it was an answer."""
    if len(heard.split()) > _CHOICE:
        return None
    now = replace(now, offered=False)
    if _TIME.search(heard):
        return wait(now, heard)
    return clarify(now, heard) if _OTHER_WORDS.search(heard) else None


def resume(now: Conversation) -> Reply:
    """Told that the connection was restored."""
    if now.question:
        return now, Say(("Sorry about the interruption.", "Let me ask again.", now.question))
    return ask(now, "Sorry about the interruption.")


def say_again(now: Conversation) -> Reply:
    """Told that the last words were not heard, or broke off."""
    return (now, Say(("Let me say that again.", now.question))) if now.question else ask(now)


def _asking(now: Conversation, question: str, *, fresh: bool) -> Conversation:
    """The conversation with a new question standing."""
    return replace(
        now, stage=Stage.ASKING, question=question, asked=now.asked + 1, missed=0, fresh=fresh, offered=False
    )


def _chance(now: Conversation) -> random.Random:
    return random.Random(f"{now.seed}/{now.turn}/{now.name}")


def _quoted(text: str, phrase: str) -> str:
    """The text with the phrase in it. The dot of "Inc." ends a sentence too."""
    return text.format(phrase=phrase).replace("..", ".")


def _vary(texts: tuple[str, ...], now: Conversation) -> str:
    """One of the texts, never the same twice in a row."""
    return texts[(now.turn + now.seed) % len(texts)]
