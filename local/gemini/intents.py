"""What a candidate wants with an utterance, by its wording."""

import re
from enum import Enum, auto

from local.gemini.english import is_first_name, is_word, tokens
from local.gemini.lexicon import words


class Intent(Enum):
    """Kinds of utterances."""

    ANSWER = auto()
    BRIEF = auto()  # a few words only
    UNKNOWN = auto()  # "I don't know"
    REPEAT = auto()
    CLARIFY = auto()
    WAIT = auto()
    STOP = auto()
    QUESTION = auto()
    DECLINE = auto()  # "no"
    OVERRIDE = auto()  # tries to change the interviewer's task
    NOTHING = auto()
    NONSENSE = auto()  # words without sense, or no words of English


_BRIEF_WORDS = 6
_SHORT_WORDS = 14
_QUESTION_WORDS = 30

_STOP = (
    r"\b(i('d| would) like|i want|let's|let us|can we|could we|i need) (to )?(stop|end|finish|quit)\b"
    r"|\b(stop|end|finish) (the|this) interview\b|\bthat's all for today\b"
)
_REPEAT = (
    r"\b(you|please) repeat|\brepeat (that|it|the question)|\bsay (that|it) again|\bcome again|\bpardon\b"
    r"|\b(didn't|did not) (catch|hear)\b|\bwhat was the question\b"
)
_CLARIFY = (
    r"\bwhat do you mean|\bclarify\b|\brephrase\b|\b(don't|do not) understand (the|your|that)\b"
    r"|\bexplain (the|that|your) question\b"
)
# "I never used it, but ..." is an answer.
_UNKNOWN = (
    r"^(?!.{20,}\bbut\b).*(\b(don't|do not) (really )?know\b|\bno (idea|clue|experience)\b|\bnot sure\b"
    r"|\bcan(no|')t say\b|\bnever (done|used|tried|heard|worked)\b|\bskip\b|\bpass on\b|\bnext question\b"
    r"|\brather not\b)"
)
_WAIT = (
    r"\blet me think\b|\b(just )?(a|one) (moment|second|minute)\b|\bhold on\b|\bhang on\b|^wait\b"
    r"|\bgive me (a|some) (moment|second|minute|time)\b|^\W*(h+m+|u+m+|u+h+|er|well)\W*$"
)
_OVERRIDE = r"\b(ignore|forget|disregard)\b.*\b(instructions?|prompts?|rules|told)\b|\b(system|your) prompt\b"
# The first match counts. Each has a greatest number of words: longer utterances are answers that contain such words.
_KINDS = (
    (Intent.STOP, _SHORT_WORDS, _STOP),
    (Intent.REPEAT, _SHORT_WORDS, _REPEAT),
    (Intent.CLARIFY, _SHORT_WORDS, _CLARIFY),
    (Intent.UNKNOWN, _SHORT_WORDS, _UNKNOWN),
    (Intent.WAIT, _SHORT_WORDS // 2, _WAIT),
    (Intent.OVERRIDE, 2 * _SHORT_WORDS, _OVERRIDE),
)
_DECLINE = r"^\W*(no|nope|nah|not really|i'm good|i am good|nothing|that's all|that is all|all good|none)\b"
_UNKNOWN_SHARE = 0.6  # of words that are not English, from which nothing can be followed
_VARIED_SHARE = 0.4  # of different words, below which somebody only repeats them
_HEAP = 4  # words without any that holds them together
_INTERROGATIVE = (
    r"^\W*((so|and|but|well|okay|ok|yes|yeah|sure|actually)\W+)*"
    r"((what|when|where|who|which|why|how)"
    r"('s| is| are| do| does| did| can| could| will| would| should| many| long| much)\b"
    r"|(is|are|do|does|did|can|could|will|would|should|may) (you|i|we|there|it|this|that|the)\b)"
)


def read(text: str) -> Intent:
    """The kind of an utterance."""
    plain = " ".join(text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    if not re.search(r"\w", plain):
        return Intent.NOTHING
    length = len(plain.split())
    for kind, most, pattern in _KINDS:
        if length <= most and re.search(pattern, plain):
            return kind
    asks = length <= _SHORT_WORDS and re.search(_INTERROGATIVE, plain)
    if asks or (length <= _QUESTION_WORDS and plain.endswith("?")):
        return Intent.QUESTION
    if length <= _SHORT_WORDS and re.search(_DECLINE, plain):
        return Intent.DECLINE
    return _statement(text, length)


def _statement(text: str, length: int) -> Intent:
    if _is_nonsense(text):
        return Intent.NONSENSE
    return Intent.BRIEF if length < _BRIEF_WORDS else Intent.ANSWER


def _is_nonsense(text: str) -> bool:
    """Whether the words are mostly no words, the same few over and over, or a heap without grammar."""
    said = tokens(text)
    names = {word.lower() for word in re.findall(r"[^\W\d_][\w'-]*", text) if word[:1].isupper() and not word.isupper()}
    strange = [word for word in said if not (is_word(word) or is_first_name(word) or word in names)]
    if not said:
        return False
    if len(strange) >= _UNKNOWN_SHARE * len(said) or (len(said) == len(names) > 1 and not any(map(is_word, said))):
        return True
    if len(said) < _HEAP:
        return False
    return len(set(said)) < _VARIED_SHARE * len(said) or not (_holds_together(text, said) or len(names) > 1)


def _holds_together(text: str, said: list[str]) -> bool:
    glue = words("function") | words("verb")
    return bool(re.search(r"[,;:/.]\s*\S", text)) or any(word in glue or word.endswith(("ed", "ing")) for word in said)
