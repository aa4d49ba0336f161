"""Token counts: every turn counts the whole context again."""

import math
from dataclasses import dataclass, replace
from random import Random
from typing import Self

from local.gemini.wire import Json

_A_SECOND = 25
_FIRST_AUDIO = 200  # of the first spoken turn, unexplained
_AROUND_SPEECH = 0.8  # seconds; recorded: 0.4 to 1.3 beside each utterance
_WORDS = 3  # tokens of words in a second of speech
_CALL = 21
_THOUGHTS = (24, 141)  # although no thinking was configured
_HIDDEN = 51  # in the first turn's prompt, of no modality
_HIDDEN_A_TURN = 16


@dataclass(frozen=True, slots=True)
class Tokens:
    """The context so far, by modality. Silence between turns adds nothing (recorded)."""

    text: int = 0
    audio: int = 0
    utterances: int = 0
    turns: int = 0

    def wrote(self, text: str) -> Self:
        """The context with this text added."""
        return replace(self, text=self.text + len(text) // 4)

    def heard(self, seconds: float, text: str) -> Self:
        """The context with an utterance added: its audio and its transcription."""
        first = 0 if self.utterances else _FIRST_AUDIO
        audio = self.audio + first + int((seconds + _AROUND_SPEECH) * _A_SECOND)
        return replace(self.wrote(text), audio=audio, utterances=self.utterances + 1)

    def spoke(self, seconds: float) -> Self:
        """The context with a turn of the interviewer added: its audio and its words, or a call."""
        text, audio = int(seconds * _WORDS), int(seconds * _A_SECOND)
        return replace(self, text=self.text + text, audio=self.audio + audio, turns=self.turns + 1)

    def shortened(self, trigger: int, target: int) -> Self:
        """The context cut to `target` tokens if it has more than `trigger`: the oldest speech goes first."""
        if self.text + self.audio <= trigger:
            return self
        audio = min(self.audio, target)
        return replace(self, audio=audio, text=min(self.text, target - audio))

    def usage(self, spoken: float, chance: Random) -> Json:
        """The `usageMetadata` of a turn with `spoken` seconds of speech (0: a turn that only calls a tool)."""
        prompt = self.text + self.audio + _HIDDEN + _HIDDEN_A_TURN * self.turns
        details = [{"modality": "TEXT", "tokenCount": self.text}]
        if self.audio:
            details.append({"modality": "AUDIO", "tokenCount": self.audio})
        response = math.ceil(spoken * _A_SECOND) + chance.randint(0, 7) if spoken else _CALL
        usage: Json = {
            "promptTokenCount": prompt,
            "responseTokenCount": response,
            "totalTokenCount": prompt + response,
            "promptTokensDetails": details,
        }
        if spoken:
            usage["responseTokensDetails"] = [{"modality": "AUDIO", "tokenCount": response}]
        # Outside the total (recorded).
        return usage | {"thoughtsTokenCount": chance.randint(*_THOUGHTS)}
