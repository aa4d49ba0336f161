"""Closed sets of words that stand in messages, shapes and records, and the ones that count when nothing is said.

A word that is added here reaches every reader: the page's type and check have it after `make contract`, and where a
reader must do something for each word, mypy and tsc say so. A set that is new goes here too (a turn's doubts, say).
"""

from typing import Final, Literal

Level = Literal["beginner", "intermediate", "advanced"]
"""How much the interviewer asks for."""

Status = Literal["ready", "live", "ended", "completed", "abandoned", "failed"]
"""Where an interview stands: created, held, over, over with its summary, given up by its connection, broken off."""

Speaker = Literal["interviewer", "candidate"]
"""Who says a turn."""

Source = Literal["speech", "text"]
"""How the candidate gave a turn."""

Doubt = Literal["echo", "language", "repeated", "unclear", "untranscribed"]
"""Why the words of a candidate's turn may be wrong: they are the interviewer's own, heard through a loudspeaker
(`echo`); they are not in the interview's language (`language`); the same transcription came again and is kept once
(`repeated`); a second transcription differs, or is the only one (`unclear`); speech was heard and never transcribed, so
that the turn has no text (`untranscribed`).
"""

Hearing = Literal["quiet", "speech", "writing"]
"""What the relay hears of the microphone: nothing, speech, or speech whose words are being written down."""

EndedReason = Literal["interviewer", "candidate", "time_limit", "failed", "abandoned"]
"""Why an interview ended, as its record has it."""

Ending = Literal["interviewer", "candidate", "time_limit", "failed"]
"""Why an interview ended, as the stream says it. Nobody is connected to an interview that is abandoned."""

SpeechRate = Literal["normal", "slow"]
"""How fast the interviewer speaks."""

Voice = Literal["Aoede", "Charon", "Kore", "Leda", "Puck", "Zephyr"]
"""Gemini's prebuilt voices that every deployment offers, besides its own. The list of Gemini's voices is at
ai.google.dev/gemini-api/docs/speech-generation.
"""

Verdict = Literal["strong_yes", "yes", "mixed", "no", "insufficient_evidence"]
"""The summary's judgement."""

NotAssessed = Literal["no_answer", "too_little", "declined", "rules"]
"""Why an interview was not assessed: the candidate gave no answer; there is too little to judge; the model declined the
conversation every time; only the embedded rules are there, which describe and do not judge.
"""

SummaryStep = Literal["waiting", "writing", "retrying"]
"""How far a summary is: it waits for its turn; the model writes it; an attempt has failed and the next one follows."""

TranscriptFormat = Literal["json", "txt", "md", "vtt", "docx"]
"""The file types of a transcript."""

ReportFormat = Literal["md", "docx", "json"]
"""The file types of the report: the assessment with the transcript."""

Output = Literal["voice", "avatar"]
"""How the interviewer is heard: as audio frames of the stream, or through an avatar's video."""

AvatarStatus = Literal["creating", "active", "ended", "failed"]
"""Where an avatar conversation stands. It costs money while it is `creating` or `active`."""

AvatarState = Literal["ready", "lost", "speaking", "silent"]
"""What the page reports of the avatar."""

Loss = Literal["room", "shutdown", "frozen", "autoplay", "bandwidth", "replica", "candidate"]
"""Why the page has lost the avatar: the connection to its room (`room`); the room was ended (`shutdown`); the picture
stands still (`frozen`); the browser does not play media unasked (`autoplay`); the network is too slow for video
(`bandwidth`); the replica left, did not come or does not obey (`replica`); the candidate prefers voice (`candidate`).
"""

Holder = Literal["interviewer", "candidate", "thinking"]
"""Who is expected to speak; `thinking`: the candidate has asked for time to think and keeps the floor."""

NoticeCode = Literal[
    "resuming",
    "resumed",
    "slow_reply",
    "idle",
    "suspended",
    "avatar_lost",
    "avatar_back",
    "record_incomplete",
    "too_fast",
]
"""Codes that only notices have. A notice may carry any error code as well."""

Interviewer = Literal["gemini", "embedded"]
"""Who answers: Gemini, or the embedded interviewer of one machine."""

DEFAULT_LEVEL: Final[Level] = "intermediate"
"""The level of a start that names none."""

DEFAULT_LANGUAGE: Final = "en-US"
"""The language of a start that names none."""

DEFAULT_OUTPUT: Final[Output] = "avatar"
"""The output of a start that names none."""

DEFAULT_SPEECH_RATE: Final[SpeechRate] = "normal"
"""The speech rate of a start that names none."""
