"""Hosting sends each call to its function, and the same headers as `local/web`."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest

from interview.api import end, start
from interview.settings import load
from local.web import build, content_policy
from tests.terraform.conftest import ROOT
from tests.terraform.plan import Outcome

ROUTES = [("start", route) for route in start.ROUTES] + [("end", route) for route in end.ROUTES]
LOCAL_ONLY = {"x-content-type-options", "referrer-policy", "permissions-policy"}
RELAY = "wss://relay.example.run.app"


def config(main: Outcome, run: str = "defaults") -> Mapping[str, Any]:
    found: Mapping[str, Any] = main.plans[run].outputs["hosting_config"]
    return found


def fits(pattern: Mapping[str, Any], path: str) -> bool:
    """Hosting's patterns: `*` within one part of a path, `**` over any number of parts; or a regular expression."""
    if "regex" in pattern:
        return re.search(pattern["regex"], path) is not None
    parts = re.split(r"(\*\*/?|\*)", pattern["glob"])
    meaning = {"**": ".*", "**/": "(.*/)?", "*": "[^/]*"}
    return re.fullmatch("".join(meaning.get(part, re.escape(part)) for part in parts), path) is not None


def rewritten(main: Outcome, path: str) -> Mapping[str, Any]:
    """The rewrite of a path: the first that matches."""
    return next((rewrite for rewrite in config(main)["rewrites"] if fits(rewrite, path)), {})


def headers(main: Outcome, path: str, run: str = "defaults") -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in config(main, run)["headers"]:
        if fits(entry, path):
            found |= {name.lower(): value for name, value in entry["headers"].items()}
    return found


def policy(text: str) -> dict[str, set[str]]:
    directives = (directive.split() for directive in text.split(";"))
    return {name: set(sources) for name, *sources in directives}


@pytest.mark.parametrize(("function", "route"), ROUTES, ids=lambda value: getattr(value, "path", value))
def test_every_route_goes_to_its_function(function: str, route: Any, main: Outcome) -> None:
    path = re.sub(r"\{\w+\}", "0a1b2c3d-9f", route.path)
    expected = {"serviceId": f"interviewer-production-{function}", "region": "europe-west1"}
    assert rewritten(main, path)["run"] == expected


@pytest.mark.parametrize(
    "path", ["/check", "/help", "/privacy", "/interview/0a1b2c-9f", "/results/0a1b2c-9f", "/help/"]
)
def test_the_pages_addresses_serve_the_page(path: str, main: Outcome) -> None:
    assert rewritten(main, path)["path"] == "/page.html"


def test_the_first_address_gets_its_document_by_the_files_name(main: Outcome) -> None:
    """Hosting serves /index.html at /, and looks for files before it rewrites."""
    assert rewritten(main, "/") == {}


@pytest.mark.parametrize("path", ["/assets/index-0a1b2c.js", "/favicon.ico", "/somewhere", "/interview/0a1b2c/a"])
def test_an_unknown_address_gets_the_page_of_a_404(path: str, main: Outcome) -> None:
    assert rewritten(main, path) == {}


def test_caching_of_the_pages_files(main: Outcome) -> None:
    assert headers(main, "/assets/index-0a1b2c.js")["cache-control"] == "public, max-age=31536000, immutable"
    assert headers(main, "/config.json")["cache-control"] == "no-store"
    for path in (
        "/",
        "/index.html",
        "/page.html",
        "/check",
        "/help",
        "/privacy",
        "/interview/0a1b2c3d-9f",
        "/results/0a1b2c3d-9f",
    ):
        assert headers(main, path)["cache-control"] == "no-cache"


def test_every_address_of_the_page_has_a_rewrite(main: Outcome) -> None:
    heads = set(re.findall(r'head === "(\w+)"', (ROOT / "web/src/navigation/route.ts").read_text("utf-8")))
    assert heads
    for head in heads:
        assert "cache-control" in headers(main, f"/{head}") | headers(main, f"/{head}/0a1b2c3d"), head


def test_hosting_does_not_change_the_functions_caching(main: Outcome) -> None:
    """They must not be cached, and a rule of Hosting's would be added to theirs."""
    assert "cache-control" not in headers(main, "/api/interview/0a1b2c3d")


def test_no_header_is_set_twice(main: Outcome) -> None:
    for path in ("/", "/config.json", "/assets/index-0a1b2c.js", "/results/0a1b2c3d", "/favicon.svg"):
        names = [name for entry in config(main)["headers"] if fits(entry, path) for name in entry["headers"]]
        assert len(names) == len(set(names)), path


async def test_security_headers_are_those_of_local_web(
    main: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"DATA_DIR": str(tmp_path), "RELAY_URL": RELAY}.items():
        monkeypatch.setenv(name, value)
    transport = httpx2.ASGITransport(app=build(load()))
    async with httpx2.AsyncClient(transport=transport, base_url="http://here") as client:
        local = (await client.get("/config.json")).headers
    deployed = headers(main, "/config.json")
    for name in LOCAL_ONLY:
        assert deployed[name] == local[name]
    ours, theirs = policy(deployed["content-security-policy"]), policy(local["content-security-policy"])
    assert theirs["connect-src"] <= ours["connect-src"]
    for directive in theirs.keys() - {"connect-src"}:
        assert ours[directive] == theirs[directive], directive
    assert {name: sources for name, sources in ours.items() if name not in theirs} == {
        name: {"'self'"} for name in ("script-src", "worker-src") if name not in theirs
    }


def test_the_page_may_connect_to_every_relay(main: Outcome) -> None:
    sources = policy(headers(main, "/", "regions")["content-security-policy"])["connect-src"]
    hosts = ("relay.example.run.app", "relay-us.example.run.app")
    assert sources == {"'self'", *(f"{scheme}://{host}" for host in hosts for scheme in ("wss", "https"))}


def test_sentry_is_allowed_and_named_only_with_a_dsn(main: Outcome) -> None:
    without = policy(headers(main, "/")["content-security-policy"])
    found = policy(headers(main, "/", "sentry")["content-security-policy"])
    assert found.pop("connect-src") - without.pop("connect-src") == {"https://o1.ingest.de.sentry.example"}
    assert found == without, "no script comes from there"
    configs = {run: main.plans[run].outputs["page_config"] for run in ("defaults", "sentry")}
    assert "sentry_dsn" not in configs["defaults"]
    assert configs["sentry"]["sentry_dsn"] == "https://0a1b2c@o1.ingest.de.sentry.example/7"


def test_recaptcha_is_allowed_and_app_check_named_only_with_it(main: Outcome, tmp_path: Path) -> None:
    without = policy(headers(main, "/")["content-security-policy"])
    found = policy(headers(main, "/", "app_check")["content-security-policy"])
    environ = {"APP_CHECK_APP": "1:123:web:0a1b", "APP_CHECK_API_KEY": "a-key", "APP_CHECK_SITE_KEY": "a-site"}
    local = policy(content_policy(load({"DATA_DIR": str(tmp_path), "RELAY_URL": RELAY, **environ})))
    assert not any("recaptcha" in source for sources in without.values() for source in sources)
    for directive in ("script-src", "frame-src"):
        assert found[directive] == local[directive], directive
    assert found["connect-src"] - without["connect-src"] == local["connect-src"] - without["connect-src"]
    told = {"app_id": "1:123:web:0a1b", "api_key": "a-key", "site_key": "a-site"}
    assert main.plans["app_check"].outputs["page_config"]["app_check"] == told
    assert "app_check" not in main.plans["defaults"].outputs["page_config"]


def test_dailys_rooms_are_allowed_only_with_an_avatar(main: Outcome) -> None:
    without = policy(headers(main, "/")["content-security-policy"])
    assert not any("daily.co" in source for sources in without.values() for source in sources)
    found = policy(headers(main, "/", "avatar")["content-security-policy"])
    assert found["script-src"] == {"'self'", "https://*.daily.co"}
    assert {"https://*.daily.co", "wss://*.daily.co"} <= found["connect-src"]
    assert "blob:" in found["worker-src"]
