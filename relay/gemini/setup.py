"""The setup of a connection to Gemini Live: its first message."""

from typing import Final

from google.genai import types

from interview.record import Interview
from relay.talk import directions

END_OF_ANSWER_MS: Final = 2_200
"""Silence that ends an answer. People think while they answer: two seconds are a pause, not an end."""
CONTEXT_TRIGGER: Final = 48_000
CONTEXT_TARGET: Final = 32_000
"""Tokens at which the service shortens its context, and to how many: an interview's last quarter of an hour."""
LANGUAGES: Final = frozenset(
    [
        "ar-EG",
        "bn-BD",
        "de-DE",
        "en-AU",
        "en-GB",
        "en-IN",
        "en-US",
        "es-ES",
        "es-US",
        "fr-CA",
        "fr-FR",
        "gu-IN",
        "hi-IN",
        "id-ID",
        "it-IT",
        "ja-JP",
        "kn-IN",
        "ko-KR",
        "ml-IN",
        "mr-IN",
        "nl-NL",
        "pl-PL",
        "pt-BR",
        "ru-RU",
        "ta-IN",
        "te-IN",
        "th-TH",
        "tr-TR",
        "uk-UA",
        "vi-VN",
        "cmn-CN",
    ]
)
"""The language codes that the Live documentation lists. Another one is refused with 1007 on some days."""


def build_setup(
    interview: Interview, *, voice: str, seeded: bool, handle: str | None, plain: bool
) -> types.LiveConnectConfig:
    """The setup for an interview, whose history follows it if `seeded`; `plain`: without the optional fields.

    No thinking level: the model refuses it with 1007 (recorded). No language for the speech: native audio models choose
    it by themselves and are told by the instructions (documented); some refuse a code with 1007 (reported). The
    optional fields are hints that an interview can do without.
    """
    language = interview.language
    listed = language in LANGUAGES and not plain
    return types.LiveConnectConfig(
        response_modalities=[types.Modality.AUDIO],
        system_instruction=interview.prompt,
        tools=[types.Tool(function_declarations=[_END_INTERVIEW])],
        speech_config=None
        if plain
        else types.SpeechConfig(
            voice_config=types.VoiceConfig(prebuilt_voice_config=types.PrebuiltVoiceConfig(voice_name=voice))
        ),
        input_audio_transcription=types.AudioTranscriptionConfig(language_codes=[language] if listed else None),
        output_audio_transcription=types.AudioTranscriptionConfig(),
        realtime_input_config=types.RealtimeInputConfig(
            automatic_activity_detection=types.AutomaticActivityDetection(
                # Echo from loudspeakers and a "mm-hm" are not to cut a question off (livekit/agents#1684).
                start_of_speech_sensitivity=types.StartSensitivity.START_SENSITIVITY_LOW,
                end_of_speech_sensitivity=types.EndSensitivity.END_SENSITIVITY_LOW,
                silence_duration_ms=END_OF_ANSWER_MS,
            )
        ),
        # Without it the service ends an audio session after 15 minutes (docs/decisions/0008-context.md).
        context_window_compression=types.ContextWindowCompressionConfig(
            trigger_tokens=CONTEXT_TRIGGER, sliding_window=types.SlidingWindow(target_tokens=CONTEXT_TARGET)
        ),
        session_resumption=types.SessionResumptionConfig(handle=handle),
        history_config=types.HistoryConfig(initial_history_in_client_content=True) if seeded else None,
    )


_END_INTERVIEW: Final = types.FunctionDeclaration(
    name=directions.END_INTERVIEW,
    description="End the interview. Call it once, right after you have said goodbye in full, and say nothing after it.",
    parameters=types.Schema(
        type=types.Type.OBJECT,
        properties={
            "reason": types.Schema(
                type=types.Type.STRING,
                enum=["finished", "candidate_request", "time"],
                description="finished: all was asked; candidate_request: the candidate wants to stop; time: time is up",
            )
        },
        required=["reason"],
    ),
)
