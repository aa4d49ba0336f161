"""The embedded interviewer: Gemini Live and generateContent on one machine, behind their real wire protocol.

    the wire     server     one TLS port for both, keys and models, what was received
                 wire       client messages as typed values, server messages as frames
                 live       one Live connection: turns, interruption, tool calls, resumption
                 speech     speech going out: words ahead of audio, audio faster than it plays
                 activity   where speech begins, pauses and ends
                 text       generateContent; errors as Google words them
    the senses   voice, ear real speech both ways, or tones and given words
    the mind     briefing   what the system instruction says; plan, questions.toml: what to ask
                 interviewer, replies, conversation: from what was heard to what is said
                 intents, phrases, directions, answers: what was meant, and what to take up
                 summary    the assessment by rules; schema: in the form asked for
    driving it   script     answers, delays, failures; faults strikes them

A test has it in its own event loop: `async with embedded(Script(...)) as server`. As a process it is
`python -m local.gemini`. Nothing outside of `local/` and the tests knows that it exists: it is reached by
`GEMINI_BASE_URL` and `GEMINI_CA_FILE`.
"""

from local.gemini.behaviour import Behaviour
from local.gemini.script import Fault, Received, Script, TextScript
from local.gemini.server import Server, embedded

__all__ = ["Behaviour", "Fault", "Received", "Script", "Server", "TextScript", "embedded"]
