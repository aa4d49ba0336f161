"""What one connection of the page leaves to the next in this process."""

from dataclasses import dataclass

from relay.gemini.replay_buffer import ReplayBuffer
from relay.talk.ear import Ear
from relay.talk.utterances import Answer


@dataclass(frozen=True, slots=True)
class Carried:
    """Sound that Gemini has not acknowledged, and the answer that it belongs to."""

    replay: ReplayBuffer
    ear: Ear
    answer: Answer | None
