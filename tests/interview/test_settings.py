from pathlib import Path

import pytest

from interview.errors import Invalid
from interview.settings import FIRESTORE_BACKUP_DAYS, Sweep, load, read_env_file


def test_defaults() -> None:
    got = load({})
    assert (got.host, got.port, got.relay_port) == ("127.0.0.1", 8080, 8081)
    assert got.store == "sqlite:///.data/interviews.db"
    assert got.files == "file://.data/files"
    assert got.relay_urls == ("ws://localhost:8081",)
    assert got.allowed_origins == ("http://localhost:8080",)
    assert (got.interview_minutes, got.interview_dollars, got.retention_days) == (25, 4, 30)
    assert (got.gemini.live_model, got.gemini.text_model) == ("gemini-3.8-live", "gemini-3.8-flash")
    assert not got.gemini.configured
    assert got.tavus.base_url == "https://tavusapi.com/v2"


def test_settings_follow_from_one_another() -> None:
    got = load({"PORT": "9000", "RELAY_PORT": "9001", "DATA_DIR": "there"})
    assert got.store == "sqlite:///there/interviews.db"
    assert got.files == "file://there/files"
    assert got.relay_urls == ("ws://localhost:9001",)
    assert got.allowed_origins == ("http://localhost:9000",)


def test_firestore_has_backups_and_a_sqlite_file_has_those_that_the_operator_makes() -> None:
    assert load({}).backup_days == 0
    assert load({"BACKUP_DAYS": "30"}).backup_days == 30
    assert load({"STORE": "firestore://p"}).backup_days == FIRESTORE_BACKUP_DAYS
    assert load({"STORE": "firestore://p", "BACKUP_DAYS": "15"}).backup_days == 15


@pytest.mark.parametrize("dsn", ["nonsense", "https://sentry.example/7", "https://key@sentry.example/", "ftp://k@h/7"])
def test_a_dsn_that_is_none_is_refused(dsn: str) -> None:
    assert load({}).sentry_dsn is None
    assert load({"SENTRY_DSN": "https://key@sentry.example/7"}).sentry_dsn == "https://key@sentry.example/7"
    with pytest.raises(Invalid, match="SENTRY_DSN"):
        load({"SENTRY_DSN": dsn})


@pytest.mark.parametrize("contact", ["nobody", "http://acme.example", "javascript:alert(1)", "a@b c"])
def test_a_contact_is_an_email_or_an_https_address(contact: str) -> None:
    assert load({}).page_contact is None
    for good in ("privacy@acme.example", "https://acme.example/privacy"):
        assert load({"PAGE_CONTACT": good}).page_contact == good
    with pytest.raises(Invalid, match="PAGE_CONTACT"):
        load({"PAGE_CONTACT": contact})


def test_in_a_container_the_relay_listens_where_it_is_told() -> None:
    got = load({"K_SERVICE": "relay", "PORT": "8080", "RELAY_PORT": "5"})
    assert (got.host, got.relay_port) == ("0.0.0.0", 8080)


def test_several_origins() -> None:
    assert load({"ALLOWED_ORIGINS": "https://a.example/, https://b.example,"}).allowed_origins == (
        "https://a.example",
        "https://b.example",
    )


def test_several_relays() -> None:
    assert load({"RELAY_URL": "wss://near.example/, wss://far.example"}).relay_urls == (
        "wss://near.example",
        "wss://far.example",
    )


@pytest.mark.parametrize("environ", [{"GEMINI_API_KEY": "k"}, {"GOOGLE_GENAI_USE_VERTEXAI": "true"}])
def test_two_ways_to_gemini(environ: dict[str, str]) -> None:
    assert load(environ).gemini.configured


def test_an_avatar_needs_a_key_and_limits_above_zero() -> None:
    assert not load({}).tavus.configured
    got = load({"TAVUS_API_KEY": "k"}).tavus
    assert got.configured
    assert (got.concurrent, got.daily) == (3, 20)
    for name in ("AVATAR_CONCURRENT", "AVATAR_DAILY"):
        assert not load({"TAVUS_API_KEY": "k", name: "0"}).tavus.configured
        assert load({"TAVUS_API_KEY": "k", name: "1000"}).tavus.configured


def test_an_empty_variable_is_not_set() -> None:
    assert not load({"GEMINI_API_KEY": "", "PORT": ""}).gemini.configured


@pytest.mark.parametrize(
    ("key", "given", "offered"),
    [
        ("a-key", "", ()),
        ("a-key", "de-DE,en-GB", ("de-DE", "en-GB")),
        ("embedded", "", ("en-US",)),
        ("embedded", "de-DE,en-GB", ("en-GB",)),
        ("embedded", "de-DE", ("de-DE",)),
    ],
)
def test_the_embedded_interviewer_offers_english_only(key: str, given: str, offered: tuple[str, ...]) -> None:
    assert load({"GEMINI_API_KEY": key, "LANGUAGES": given}).offered_languages == offered


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "65536"),
        ("RELAY_PORT", "-1"),
        ("PORT", "80.5"),
        ("RELAY_URL", ","),
        ("RELAY_URL", "wss://near.example,https://far.example"),
        ("INTERVIEW_MINUTES", "0"),
        ("INTERVIEW_MINUTES", "nan"),
        ("INTERVIEW_MINUTES", "600"),
        ("RETENTION_DAYS", "0"),
        ("AVATAR_CONCURRENT", "1001"),
        ("AVATAR_CONCURRENT", "1.5"),
        ("AVATAR_DAILY", "-1"),
        ("LANGUAGES", "not a tag"),
        ("LANGUAGES", "en-US;de-DE"),
    ],
)
def test_an_invalid_value_names_its_setting(name: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        load({name: value})
    assert refused.value.field == name
    assert name in refused.value.detail


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text("# a comment\nPORT=1\nexport RELAY_PORT='2'\nTAVUS_API_KEY=\"a=b\"\n\nnonsense\n")
    monkeypatch.setenv("PORT", "3")
    monkeypatch.delenv("RELAY_PORT", raising=False)
    monkeypatch.delenv("TAVUS_API_KEY", raising=False)
    got = load(env_file=file)
    assert (got.port, got.relay_port, got.tavus.api_key) == (3, 2, "a=b")
    assert read_env_file(tmp_path / "none") == {}


def test_the_two_settings_of_the_sweep_go_together() -> None:
    assert load({}).sweep is None
    environ = {"SWEEP_ACCOUNT": "sweeper@p.iam.gserviceaccount.com", "SWEEP_AUDIENCE": "https://end.example"}
    assert load(environ).sweep == Sweep("sweeper@p.iam.gserviceaccount.com", "https://end.example")
    for name in environ:
        with pytest.raises(Invalid) as refused:
            load({**environ, name: ""})
        assert refused.value.field == name


def test_keys_are_not_shown() -> None:
    assert "s3cret" not in repr(load({"GEMINI_API_KEY": "s3cret", "TAVUS_API_KEY": "s3cret"}))
