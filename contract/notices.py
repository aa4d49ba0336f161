"""Codes of the stream's notices and when they come. A notice may carry an error code too (`contract.errors`)."""

from collections.abc import Mapping
from typing import Final

from contract.terms import NoticeCode

NOTICES: Final[Mapping[NoticeCode, str]] = {
    "resuming": "The connection to the language model is being restored. Until `resumed` the interviewer is silent.",
    "resumed": "It is restored: take the notice `resuming` away.",
    "slow_reply": "The interviewer takes longer than usual; the relay asks again. It is over with the next utterance.",
    "idle": "The candidate has said nothing for a while: offer time to think, and typing.",
    "suspended": "Nobody has answered for minutes; the relay closes with 4411. Dial again when the candidate wants to.",
    "avatar_lost": "The avatar can't be seen or heard; the interviewer's voice comes as audio frames from here on.",
    "avatar_back": "The avatar speaks again: take the notice `avatar_lost` away.",
    "record_incomplete": "The last part of the transcript could not be stored.",
    "too_fast": "More came than the limits allow. `text` is a typed answer that was not taken: give it back to the "
    "candidate. A client that goes on is closed with 4400 or 4429.",
}
