"""Numbers that both sides of the contract must know. Each name ends in its unit or is said below in characters."""

from typing import Final

MAX_TOPIC: Final = 500
"""Characters of the longest topic, without the blanks around it."""
MAX_JOB_DESCRIPTION: Final = 10_000
"""Characters of the longest job description, without the blanks around it."""
MAX_VOICE: Final = 40
"""Characters of the longest name of a voice."""
MAX_LANGUAGE: Final = 35
"""Characters of the longest language tag (BCP 47)."""
MAX_CV_BYTES: Final = 10 * 1024 * 1024
"""Bytes of the largest CV file."""
MAX_CV_TEXT: Final = 12_000
"""Characters of the longest CV text that the interviewer sees: five pages, some 3,000 tokens (decision 0032)."""
MAX_ANSWER: Final = 8_000
"""Characters of the longest typed answer, without the blanks around it."""
MAX_FRAME: Final = 32 * 1024
"""Bytes of the largest frame that a client may send, text or binary."""
MICROPHONE_RATE: Final = 16_000
"""Samples a second of a client's binary frames: PCM16 little-endian mono."""
MIN_MICROPHONE_MS: Final = 20
"""Milliseconds of the shortest microphone frame that a client should send."""
MAX_MICROPHONE_MS: Final = 100
"""Milliseconds of the longest microphone frame that a client should send."""
MICROPHONE_SPEED: Final = 1.1
"""Times real time at which a client may send its microphone, beyond the burst."""
MICROPHONE_BURST_SECONDS: Final = 20.0
"""Seconds of the microphone that may come at once: what a client has kept while it was not connected."""
SECONDS_AN_ANSWER: Final = 2.0
"""Seconds for each typed answer on average, beyond the burst."""
ANSWER_BURST: Final = 10
"""Typed answers that may come at once."""
MAX_TYPED: Final = 40_000
"""Characters of all typed answers of an interview."""
CONTROLS_A_SECOND: Final = 10
"""Messages other than typed answers that a client may send a second, beyond a burst."""
VOICE_RATE: Final = 24_000
"""Samples a second of the relay's binary frames: PCM16 little-endian mono."""
HELLO_SECONDS: Final = 5.0
"""Seconds from the opened WebSocket to the client's hello."""
MAX_ANSWER_ID: Final = 64
"""Characters of the longest id of a typed answer: a UUID has 36."""
TIME_SECONDS: Final = 8.0
"""Seconds between two messages that tell the time; one comes at each threshold as well. They come however quiet the
interview is, so that a client can tell a quiet connection from a dead one: a browser's page does not see pings.
"""
SILENT_SECONDS: Final = 18.0
"""Seconds without any frame after which a client should replace its connection: two messages that tell the time did not
come, and 2 s are for a slow network.
"""
MAX_AVATARS: Final = 3
"""Avatar conversations that one interview may have."""
MAX_CVS: Final = 3
"""CVs that one interview may have, those that can't be read included."""
MAX_CODE: Final = 200
"""Characters of the longest start code or invite."""
MAX_SKETCHES: Final = 30
"""Sketches of an answer that the model may be asked for in one interview: more than it has questions."""
MAX_CORRECTIONS: Final = 200
"""Turns that a candidate may correct."""
LENGTHS: Final = (10, 15, 25)
"""Minutes that an interview may be asked to last, where the deployment allows them; its own length is the default."""
QUESTION_MINUTES: Final = 3
"""Minutes of practice with one question alone."""
EXTRA_TIMES: Final = (1, 1.25, 1.5, 2)
"""Times by which a candidate may have the interview and the waits for an answer lengthened."""
MAX_MINUTES: Final = 55
"""Minutes of the longest interview, with extra time and thinking time: a connection lasts an hour at most."""
MAX_THINKING_MINUTES: Final = 5
"""Minutes of thinking time ("Let me think") in all that don't count on the interview's clock, and no more than the
interview lasts."""
