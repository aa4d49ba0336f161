"""The text model's client, against a server that speaks generateContent."""

import asyncio
import base64
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme

from interview.errors import ModelRefused, ModelSilent, ModelUnavailable
from interview.gemini import GeminiText, Generated
from interview.settings import Gemini
from interview.usage import TextUsage
from tests.generate import Reply, Server, fails, says, serving

SCHEMA = {"type": "OBJECT", "properties": {"a": {"type": "INTEGER"}}, "required": ["a"]}


@asynccontextmanager
async def model_at(server: Server, **times: float) -> AsyncIterator[GeminiText]:
    model = GeminiText(
        Gemini(api_key="a-key", base_url=server.base_url, text_model="a-model"), **{"pause_seconds": 0.05, **times}
    )
    try:
        yield model
    finally:
        await model.close()


async def generate(server: Server, **times: float) -> Generated:
    async with model_at(server, **times) as model:
        return await model.generate(system="be just", prompt="judge", schema=SCHEMA)


async def test_an_answer_is_the_parsed_json_and_the_model_that_made_it() -> None:
    async with serving(says('{"a": 1}')) as server:
        assert await generate(server) == Generated({"a": 1}, "a-model-001")
    (call,) = server.calls
    assert call.path.endswith("/models/a-model:generateContent")
    assert call.headers["x-goog-api-key"] == "a-key"
    assert call.body["contents"][0]["parts"] == [{"text": "judge"}]
    assert call.body["systemInstruction"]["parts"] == [{"text": "be just"}]
    config = call.body["generationConfig"]
    assert config["responseMimeType"] == "application/json"
    assert config["responseSchema"]["required"] == ["a"]
    assert not config.keys() & {"temperature", "topP", "topK"}


async def test_the_tokens_of_each_answer_are_counted_also_of_one_that_is_unusable() -> None:
    details = [{"modality": "TEXT", "tokenCount": 100}, {"modality": "DOCUMENT", "tokenCount": 2_580}]
    scan = {
        "promptTokenCount": 2_700,
        "promptTokensDetails": details,
        "candidatesTokenCount": 40,
        "thoughtsTokenCount": 7,
    }
    heard = {"promptTokenCount": 130, "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 96}]}
    declined = says("", "SAFETY", usageMetadata={"promptTokenCount": 50})
    counted: list[TextUsage] = []
    async with (
        serving(says("Ada", usageMetadata=scan), says("Yes.", usageMetadata=heard), declined) as server,
        model_at(server) as plain,
    ):
        model = plain.counted(counted.append)
        assert await model.read_scan(b"%PDF-") == "Ada"
        assert await model.transcribe(b"RIFF", "en-US") == "Yes."
        with pytest.raises(ModelUnavailable):
            await model.read_scan(b"%PDF-")
    assert counted == [
        TextUsage(calls=1, prompt_text=120, prompt_image=2_580, response=40, thoughts=7),
        TextUsage(calls=1, prompt_text=34, prompt_audio=96),
        TextUsage(calls=1, prompt_text=50),
    ]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (says("{ not json"), "model_unavailable"),
        (says('{"a": ', "MAX_TOKENS"), "model_unavailable"),
        (says('{"a": 1}', "OTHER"), "model_unavailable"),
        (says('{"a": 1}', "SAFETY"), "model_blocked"),
        (says('{"a": 1}', "PROHIBITED_CONTENT"), "model_blocked"),
        (Reply(body={"promptFeedback": {"blockReason": "SAFETY"}}), "model_blocked"),
        (Reply(body=b"<html>"), "model_unavailable"),
    ],
)
async def test_an_unusable_answer_is_an_error(reply: Reply, code: str) -> None:
    async with serving(reply) as server:
        with pytest.raises(ModelUnavailable) as raised:
            await generate(server)
    assert raised.value.code == code
    assert not isinstance(raised.value, ModelRefused | ModelSilent)
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (
            fails(400, "INVALID_ARGUMENT", "API key not valid.", [{"reason": "API_KEY_INVALID"}]),
            "model_key",
        ),
        (fails(401, "UNAUTHENTICATED"), "model_key"),
        (fails(403, "PERMISSION_DENIED"), "model_key"),
        (fails(404, "NOT_FOUND"), "model_name"),
        (fails(400, "INVALID_ARGUMENT", "schema"), "model_refused"),
    ],
)
async def test_a_refusal_by_the_model_is_not_retried(reply: Reply, code: str) -> None:
    async with serving(reply) as server:
        with pytest.raises(ModelRefused) as raised:
            await generate(server)
    assert raised.value.code == code
    assert len(server.calls) == 1


async def test_the_services_message_is_not_in_our_error() -> None:
    async with serving(fails(400, "INVALID_ARGUMENT", "a secret of the candidate's")) as server:
        with pytest.raises(ModelRefused) as raised:
            await generate(server)
    assert "secret" not in str(raised.value)
    assert raised.value.__suppress_context__


async def test_a_fault_of_the_service_is_retried() -> None:
    async with serving(fails(500, "INTERNAL"), says('{"a": 2}')) as server:
        assert (await generate(server)).content == {"a": 2}
    assert len(server.calls) == 2


async def test_too_many_calls_per_minute_are_retried() -> None:
    details = [{"violations": [{"quotaId": "GenerateRequestsPerMinutePerProject"}]}]
    async with serving(fails(429, "RESOURCE_EXHAUSTED", details=details), says('{"a": 3}')) as server:
        assert (await generate(server)).content == {"a": 3}


async def test_an_exhausted_quota_is_a_refusal() -> None:
    details = [{"violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel"}]}]
    async with serving(fails(429, "RESOURCE_EXHAUSTED", details=details)) as server:
        with pytest.raises(ModelRefused) as raised:
            await generate(server)
    assert raised.value.code == "model_quota"


async def test_silence_ends_after_the_time_for_all_attempts() -> None:
    started = asyncio.get_running_loop().time()
    async with serving(Reply(wait=True)) as server:
        with pytest.raises(ModelSilent):
            await generate(server, attempt_seconds=30, total_seconds=0.5)
    assert asyncio.get_running_loop().time() - started < 10


async def test_a_silent_attempt_is_retried() -> None:
    async with serving(Reply(wait=True), says('{"a": 4}')) as server:
        assert (await generate(server, attempt_seconds=1.0)).content == {"a": 4}


async def test_an_unreachable_server_is_an_error() -> None:
    async with serving(says("{}")) as server:
        pass
    with pytest.raises(ModelUnavailable) as raised:
        await generate(server)
    assert not isinstance(raised.value, ModelRefused)


async def test_a_broken_connection_is_an_error() -> None:
    async with serving(Reply()) as server:
        with pytest.raises(ModelUnavailable):
            await generate(server)


async def test_another_server_with_its_own_ca(tmp_path: Path) -> None:
    ca = trustme.CA()
    ca_file = tmp_path / "ca.pem"
    ca.cert_pem.write_to_path(str(ca_file))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(tls)
    async with serving(says('{"a": 5}'), tls=tls) as server:
        model = GeminiText(Gemini(api_key="k", base_url=server.base_url, ca_file=ca_file))
        assert (await model.generate(system="", prompt="x", schema=SCHEMA)).content == {"a": 5}
        await model.close()
        with pytest.raises(ModelUnavailable):
            await generate(server)


async def test_a_missing_ca_file_is_an_error(tmp_path: Path) -> None:
    model = GeminiText(Gemini(api_key="k", ca_file=tmp_path / "none.pem"))
    with pytest.raises(ModelRefused):
        await model.generate(system="", prompt="x", schema=SCHEMA)


async def test_a_scanned_pdf_is_sent_unchanged() -> None:
    pdf = b"%PDF-1.7 picture \xff"
    async with serving(says(" Ada Lovelace\nAnalyst \n")) as server, model_at(server) as model:
        assert await model.read_scan(pdf) == "Ada Lovelace\nAnalyst"
    file, words = server.calls[0].body["contents"][0]["parts"]
    assert base64.urlsafe_b64decode(file["inlineData"]["data"]) == pdf
    assert file["inlineData"]["mime_type"] == "application/pdf"
    assert "CV" in words["text"]


async def test_the_text_of_a_scan_has_a_limit_and_what_comes_before_it_is_kept() -> None:
    async with serving(says("Ada Lovelace, and so on", "MAX_TOKENS")) as server, model_at(server) as model:
        assert await model.read_scan(b"%PDF-1.7") == "Ada Lovelace, and so on"
    assert server.calls[0].body["generationConfig"]["maxOutputTokens"] == 4000


@pytest.mark.parametrize("module", ["interview.api.start", "interview.api.end"])
def test_a_cold_start_does_not_import_the_sdk(module: str) -> None:
    heavy = {"google.genai", "httpx2", "pdfplumber", "docx", "starlette", "relay", "local"}
    code = f"import sys, {module}; sys.exit(' '.join({heavy} & set(sys.modules)) or 0)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, cwd=Path(__file__).parents[2])


def test_a_key_is_not_shown() -> None:
    gemini = Gemini(api_key="very-secret")
    assert "very-secret" not in repr(gemini)
    assert "very-secret" not in repr(GeminiText(gemini))
