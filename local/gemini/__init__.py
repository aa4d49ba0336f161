"""The embedded interviewer: a local stand-in for Gemini Live and generateContent, over their real wire protocol.

    the wire     server       one TLS port for both, keys and models, what was received
                 wire         what clients send, as typed values; frames: what the service sends
                 live         one Live connection: from the client's messages to the interviewer's turns
                 turns, reply one turn at a time; a turn in the recorded order of frames
                 activity, hearing, transcription    where speech begins and ends, and when its words are sent
                 speech       audio in the recorded sizes, faster than it plays, with its words
                 timing, tokens    the recorded delays; what a turn costs
                 text         generateContent; errors: as Google words them
    speech       voice, ear   real speech both ways, or tones and given words
    the rules    briefing     what the system instruction says; topic: what it is called within a sentence
                 plan, questions.toml: what to ask; families: about which field
                 interviewer, replies, wording, conversation: from what was heard to what is said
                 intents, directions, answers: what was meant; introduction: by whom
                 phrases, names: what an answer surely mentions; english, lexicon: what is known of the language
                 summary      the description by rules; schema: in the form that is asked for
    driving it   script       answers, pace, failures; behaviour: what is not known about the real service
                 faults, injector    the failures by name, and when they happen
                 recording, replay   recorded frames, alone or over the wire

A test runs it in its own event loop: `async with embedded(Script(...)) as server`. As a process it is
`python -m local.gemini`. Nothing outside of `local/` and the tests imports it: the rest reaches it by `GEMINI_BASE_URL`
and `GEMINI_CA_FILE`.
"""

from local.gemini.behaviour import Behaviour
from local.gemini.script import Fault, Received, Script, TextScript
from local.gemini.server import Server, embedded

__all__ = ["Behaviour", "Fault", "Received", "Script", "Server", "TextScript", "embedded"]
