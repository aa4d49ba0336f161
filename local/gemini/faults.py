"""The failures of the real service, by name."""

from dataclasses import dataclass
from typing import Final, Literal

FaultKind = Literal[
    # The connection
    "refuse",  # the handshake is answered with HTTP `status`
    "slow_setup",  # setupComplete comes `seconds` late
    "no_setup",  # setupComplete never comes
    "slow_pongs",  # every pong comes `seconds` late
    "go_away",  # goAway with `seconds` left; then the connection is closed
    "close",  # a close frame with `code` and `reason`
    "abort",  # the connection drops without one
    "silence",  # the service sends nothing more on this connection
    # Closes by their cause. At the moment "setup" the first three apply to a setup with a handle, "language" to a setup
    # that names a language
    "session_not_found",  # 1008 "BidiGenerateContent session not found"
    "session_not_found_1007",  # the same as 1007
    "entity_not_found",  # 1008 "Requested entity was not found."
    "language",  # 1007 "Unsupported language code"
    "quota",  # 1011 "Resource has been exhausted (e.g. check quota)."
    "credits",  # 1011 "Your prepayment credits are depleted."
    "internal",  # 1011 "Internal error occurred."
    # Frames at a moment
    "interrupt",  # `interrupted` with nobody speaking
    "turn_complete",  # turnComplete in the middle of a sentence; the rest never comes
    "thought",  # two text parts with the model's thinking, one of them marked as a thought
    "malformed",  # a frame that is no JSON
    "unknown_field",  # fields that no SDK knows, inside known messages
    "unknown_message",  # a message with an unknown top-level key
    "empty_frames",  # `{}` and an empty serverContent, five of each
    "waiting_for_input",  # waitingForInput
    "residual_audio",  # 40 ms of audio: after generationComplete (moment "generated") or turnComplete ("end")
    # Whole turns of the interviewer: `turns` of them from `turn` on
    "empty_turn",  # a lone turnComplete
    "rejected_turn",  # a lone turnComplete with the turnCompleteReason RESPONSE_REJECTED
    "quiet",  # no frame at all: the model is silent on purpose
    "no_speech",  # "<no speech>" over chunks of 2 bytes
    "no_speech_audio",  # the same over 0.8 s of audio
    "faint",  # audio with an amplitude of 2
    "endless_tone",  # a tone after the words that never ends
    "directions_aloud",  # the direction (or typed text) is read out before the answer
    "one_message",  # all audio of the turn in one message, 25 s long: over 1 MiB
    "late_words",  # the last words come after generationComplete (moment "generated") or turnComplete ("end")
    "ignored_text",  # realtime text is not answered
    "call_without_goodbye",  # the tool is called, and nothing is said before or after
    "goodbye_without_call",  # goodbye is said, and the tool is not called
    # The transcription of the utterance that a turn answers: `turns` of them from `turn` on
    "transcription_never",
    "transcription_late",  # `seconds` after the reply has begun
    "transcription_doubled",  # twice at once
    "transcription_repeated",  # again every `seconds`, three times
    "transcription_split",  # in two frames
    "transcription_headless",  # the first three words are missing
    "transcription_arabic",
    "transcription_russian",
    "transcription_silence",  # "[Silence]"
    # Hearing
    "short_pause",  # `seconds` of silence end a turn, even if the setup asks for more
]
Moment = Literal["setup", "connected", "hearing", "start", "middle", "generated", "end", "call"]

CLOSES: Final[dict[FaultKind, tuple[int, str]]] = {
    "session_not_found": (1008, "BidiGenerateContent session not found"),
    "session_not_found_1007": (1007, "BidiGenerateContent session not found"),
    "entity_not_found": (1008, "Requested entity was not found."),
    "language": (1007, "Unsupported language code 'en-US' for model models/gemini-3.8-live"),
    "quota": (1011, "Resource has been exhausted (e.g. check quota)."),
    "credits": (
        1011,
        "Your prepayment credits are depleted. Please go to AI Studio to manage your project and billing.",
    ),
    "internal": (1011, "Internal error occurred."),
}
"""Code and reason as other projects have reported them."""
NEED_HANDLE: Final = ("session_not_found", "session_not_found_1007", "entity_not_found")
LASTING: Final = (
    "empty_turn", "rejected_turn", "quiet", "no_speech", "no_speech_audio", "faint", "endless_tone",
    "directions_aloud", "one_message", "late_words", "ignored_text", "call_without_goodbye", "goodbye_without_call",
    "transcription_never", "transcription_late", "transcription_doubled", "transcription_repeated",
    "transcription_split", "transcription_headless", "transcription_arabic", "transcription_russian",
    "transcription_silence",
)  # fmt: skip
"""The kinds that change whole turns. Each applies to `turns` of them."""
AT_CONNECT: Final = ("refuse", "slow_setup", "no_setup", "slow_pongs", "short_pause")
"""The kinds that apply to a whole connection."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure. `turn` is the interviewer's turn on its connection, from 0. `connection` is the server's, from 0, or
    None for all of them.

    `moment`: "setup" and "connected" are before and after setupComplete; "hearing" is when the candidate begins the
    speech that the turn answers; "start", "middle", "generated" and "end" are before the first word of the turn, in
    its middle, after its generationComplete and after its turnComplete; "call" is after the first tool call in any
    turn, before its response. `after`: seconds from that moment to the failure. `turns`: for a failure of whole turns,
    the number of turns in a row, 0 for all that follow. `seconds` and `after` don't depend on the script's pace.
    """

    kind: FaultKind
    turn: int = 0
    moment: Moment = "middle"
    connection: int | None = None
    code: int = 1011
    reason: str = "Internal error encountered."
    status: int = 403
    seconds: float = 1.0
    after: float = 0.0
    turns: int = 1

    def applies(self, turn: int) -> bool:
        """Whether a fault of whole turns applies to this one."""
        return self.turn <= turn and (not self.turns or turn < self.turn + self.turns)
