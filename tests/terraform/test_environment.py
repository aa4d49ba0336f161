"""Each service gets every variable that it reads, and no other."""

import ast
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interview.api.writing import FLUSH_SECONDS, LEASE_SECONDS
from interview.gemini import ASSESSMENT_SECONDS
from interview.settings import AppCheck, Settings, Sweep, load
from interview.store.firestore_connection import RETRY
from tests.terraform.conftest import ROOT
from tests.terraform.plan import Outcome, Plan

STORE_SECONDS = RETRY.seconds
"""The longest call to the store; an attempt at a summary makes three."""
SETTINGS = ROOT / "interview" / "settings.py"
KEY = {"GEMINI_API_KEY"}
VERTEX = {"GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION"}
SENTRY = {"SENTRY_DSN"}
AVATAR = {"AVATAR_CONCURRENT", "AVATAR_DAILY", "TAVUS_API_KEY", "TAVUS_REPLICA_ID", "TAVUS_PERSONA_ID"}
ALL = {"STORE", "ALLOWED_ORIGINS"}
PLACES = {"DOLLARS_DAILY", "INTERVIEWS_CONCURRENT", "INTERVIEWS_DAILY"}
APP_CHECK = {"APP_CHECK_APP", "APP_CHECK_API_KEY", "APP_CHECK_SITE_KEY"}
CODES = {"START_CODE", "INVITE_CODE"}
LANGUAGES = {"LANGUAGES"}
ONLY_START = APP_CHECK | LANGUAGES
SERVICES = {
    "start": ALL
    | PLACES
    | {"FILES", "GEMINI_TEXT_MODEL", "INTERVIEW_MINUTES", "RELAY_URL", "RETENTION_DAYS", "STARTS_PER_HOUR"},
    "end": ALL | {"FILES", "GEMINI_TEXT_MODEL", "SWEEP_ACCOUNT", "SWEEP_AUDIENCE", "BACKUP_DAYS", "TASKS_QUEUE"},
    "relay": ALL
    | PLACES
    | {"GEMINI_LIVE_MODEL", "GEMINI_TEXT_MODEL", "INTERVIEW_DOLLARS", "VOICE", "SECOND_EAR", "TASKS_QUEUE"},
}
"""Each service's variables besides Gemini's and the avatar's."""
ELSEWHERE = {
    "K_SERVICE": "set by Cloud Run",
    "PORT": "set by Cloud Run",
    "RELAY_PORT": "one machine has two ports; a container has one",
    "DATA_DIR": "for SQLite and files in a folder",
    "GEMINI_BASE_URL": "for a stand-in of Gemini",
    "GEMINI_CA_FILE": "the same",
    "VOICE": "a deployment uses the default",
    "TAVUS_BASE_URL": "for a stand-in of Tavus",
    "PAGE_CONTACT": "the page has it in /config.json (page.contact)",
}
"""Names that settings.py reads and no deployment sets, and why."""
FIELDS = {
    "store": {"STORE"},
    "files": {"FILES"},
    "relay_url": {"RELAY_URL"},
    "relay_urls": {"RELAY_URL"},
    "allowed_origins": {"ALLOWED_ORIGINS"},
    "gemini": KEY | VERTEX,
    "tavus": AVATAR,
    "limits": PLACES | CODES | {"STARTS_PER_HOUR"},
    "interview_minutes": {"INTERVIEW_MINUTES"},
    "interview_dollars": {"INTERVIEW_DOLLARS"},
    "languages": LANGUAGES,
    "retention_days": {"RETENTION_DAYS"},
    "backup_days": {"BACKUP_DAYS"},
    "sentry_dsn": {"SENTRY_DSN"},
    "sweep": {"SWEEP_ACCOUNT", "SWEEP_AUDIENCE"},
    "second_ear": {"SECOND_EAR"},
    "tasks_queue": {"TASKS_QUEUE"},
    "app_check": APP_CHECK,
}
"""Fields of Settings, and the variables of each."""
LOCAL_FIELDS = {"host", "port", "relay_port", "data_dir", "forwarded", "page_contact"}
NOT_NEEDED = {
    ("start", "sweep"): "only `end` has the route of the sweep",
    ("start", "tasks_queue"): "only `end` and the relay hand summaries over",
    ("end", "app_check"): "only `start` asks for a token",
    ("relay", "app_check"): "the same",
    ("end", "retention_days"): "the bucket's lifecycle deletes files",
}
"""Fields that a shared module reads, and only the other service needs."""


def environments(plan: Plan) -> dict[str, dict[str, str]]:
    """Each service's variables; the value of a secret is its name and version."""
    found = {}
    for function in plan.of("google_cloudfunctions2_function").values():
        config = function["service_config"][0]
        values = dict(config["environment_variables"])
        for secret in config["secret_environment_variables"]:
            values[secret["key"]] = f"{secret['secret']}/{secret['version']}"
        found[function["name"].rsplit("-", 1)[1]] = values
    for relay in plan.of("google_cloud_run_v2_service").values():
        found["relay"] = dict(_of_container(relay["template"][0]["containers"][0]["env"]))
    return found


def _of_container(env: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for variable in env:
        if variable["value_source"]:
            secret = variable["value_source"][0]["secret_key_ref"][0]
            yield variable["name"], f"{secret['secret']}/{secret['version']}"
        else:
            yield variable["name"], variable["value"]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("run", "more"), [("defaults", KEY), ("vertex", VERTEX), ("avatar", KEY | AVATAR), ("sentry", KEY | SENTRY)]
)
def test_variables_of_each_service(service: str, run: str, more: set[str], main: Outcome) -> None:
    assert set(environments(main.plans[run])[service]) == SERVICES[service] | more


def test_unset_options_set_no_variables(main: Outcome) -> None:
    for values in environments(main.plans["avatar_with_a_limit_of_zero"]).values():
        assert AVATAR - set(values) == {"TAVUS_REPLICA_ID", "TAVUS_PERSONA_ID"}


def test_codes_are_set_where_they_are_checked(main: Outcome) -> None:
    given = environments(main.plans["admission"])
    assert {name: CODES & set(values) for name, values in given.items()} == {
        "start": CODES,
        "end": set(),
        "relay": {"INVITE_CODE"},
    }
    limits = settings(main, "admission", "start").limits
    assert (limits.concurrent, limits.start_code, limits.invite_code) == (5, "class-7", "friend")


def test_app_check_is_set_where_it_is_checked(main: Outcome) -> None:
    given = environments(main.plans["app_check"])
    assert {name: APP_CHECK & set(values) for name, values in given.items()} == {
        "start": APP_CHECK,
        "end": set(),
        "relay": set(),
    }
    assert settings(main, "app_check", "start").app_check == AppCheck("1:123:web:0a1b", "a-key", "a-site")


def test_languages_are_set_where_they_are_checked(main: Outcome) -> None:
    given = environments(main.plans["page"])
    assert {name: LANGUAGES & set(values) for name, values in given.items()} == {
        "start": LANGUAGES,
        "end": set(),
        "relay": set(),
    }
    assert settings(main, "page", "start").languages == ("de-DE", "en-GB")


def test_the_lists_have_every_variable_that_is_read() -> None:
    """And every name in the lists is read, so a setting that is added, removed or renamed has to be reviewed."""
    reading = [
        node
        for node in ast.parse(SETTINGS.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name != "child_environment"
    ]
    strings = {
        node.value
        for function in reading
        for node in ast.walk(function)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    read = {text for text in strings if re.fullmatch(r"[A-Z][A-Z_]{2,}", text)}
    assert read == set().union(*SERVICES.values()) | KEY | VERTEX | AVATAR | CODES | SENTRY | ONLY_START | set(
        ELSEWHERE
    )


def test_keys_come_from_secrets_by_version_number(main: Outcome) -> None:
    for values in environments(main.plans["avatar"]).values():
        assert (values["GEMINI_API_KEY"], values["TAVUS_API_KEY"]) == ("gemini-api-key/7", "tavus-api-key/7")


def settings(main: Outcome, run: str, service: str) -> Settings:
    return load(environments(main.plans[run])[service] | {"K_SERVICE": "any", "PORT": "8080"})


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("run", ["defaults", "vertex", "avatar", "regions", "domain"])
def test_the_variables_make_valid_settings(service: str, run: str, main: Outcome) -> None:
    found = settings(main, run, service)
    environment = "staging" if run == "regions" else "production"
    assert found.store == f"firestore://demo-project/interviewer-{environment}"
    assert found.gemini.configured
    assert all(origin.startswith("https://") for origin in found.allowed_origins)
    assert bool(found.tavus.api_key) == (run == "avatar")


def test_settings_of_start_and_end(main: Outcome) -> None:
    start, end = (settings(main, "defaults", service) for service in ("start", "end"))
    assert start.files == end.files == "gs://demo-project-interviewer-production-files"
    assert environments(main.plans["defaults"])["start"]["RELAY_URL"] == "wss://relay.example.run.app"
    assert start.sweep is None
    (job,) = main.plans["defaults"].of("google_cloud_scheduler_job").values()
    token = job["http_target"][0]["oidc_token"][0]
    assert end.sweep == Sweep(token["service_account_email"], token["audience"])


def test_the_queue_of_summaries_calls_the_function_that_writes_them(main: Outcome) -> None:
    (queue,) = main.plans["defaults"].of("google_cloud_tasks_queue").values()
    target = queue["http_target"][0]
    (override,) = target["uri_override"]
    assert (override["scheme"], override["host"], override["uri_override_enforce_mode"]) == (
        "HTTPS",
        "function.example.run.app",
        "ALWAYS",
    )
    assert target["http_method"] == "POST"
    end, relay = (settings(main, "defaults", service) for service in ("end", "relay"))
    assert end.sweep == Sweep(target["oidc_token"][0]["service_account_email"], target["oidc_token"][0]["audience"])
    name = f"projects/demo-project/locations/europe-west1/queues/{queue['name']}"
    assert end.tasks_queue == relay.tasks_queue == name


def test_an_attempt_at_a_summary_fits_into_a_request_and_the_request_into_its_lease(main: Outcome) -> None:
    end = main.plans["defaults"].resources['google_cloudfunctions2_function.function["end"]']["service_config"][0]
    assert ASSESSMENT_SECONDS + FLUSH_SECONDS + 3 * STORE_SECONDS < end["timeout_seconds"] < LEASE_SECONDS


def test_terraforms_defaults_are_the_codes_defaults(main: Outcome) -> None:
    bare = load({})
    start, relay = (settings(main, "defaults", service) for service in ("start", "relay"))
    assert (start.interview_minutes, start.retention_days) == (bare.interview_minutes, bare.retention_days)
    assert start.gemini.text_model == bare.gemini.text_model
    assert (relay.gemini.live_model, relay.interview_dollars) == (bare.gemini.live_model, bare.interview_dollars)
    assert start.limits == relay.limits == bare.limits
    avatar = settings(main, "avatar_with_a_limit_of_zero", "start").tavus
    assert (avatar.concurrent, avatar.daily) == (0, bare.tavus.daily)


def test_the_lists_have_every_field_of_the_settings() -> None:
    assert {field.name for field in dataclasses.fields(Settings)} <= set(FIELDS) | LOCAL_FIELDS


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
def test_each_service_gets_the_variables_that_its_code_uses(service: str) -> None:
    """By the fields of Settings that the modules of the service use."""
    entry = ROOT / "relay/server.py" if service == "relay" else ROOT / "functions" / service / "main.py"
    used = {
        match[1]
        for path in reachable(entry)
        for match in re.finditer(r"\bsettings\.([a-z_]+)\b", path.read_text("utf-8"))
        if match[1] in FIELDS
    }
    assert {"store", "allowed_origins", "gemini"} <= used
    given = SERVICES[service] | KEY | VERTEX | AVATAR | SENTRY | (ONLY_START if service == "start" else set())
    missing = {name for name in used if not FIELDS[name] & given and (service, name) not in NOT_NEEDED}
    assert not missing


def reachable(entry: Path) -> set[Path]:
    """The modules of ours that are imported, by any way, from this one."""
    found: set[Path] = set()
    waiting = [entry]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
                waiting += [file for name in names if (file := _file(name))]
    return found


def _file(module: str) -> Path | None:
    path = ROOT.joinpath(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)
