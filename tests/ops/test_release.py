"""Release and roll back, by the clients of Google's APIs against a stand-in."""

import json
from pathlib import Path

import pytest

from interview.version import VERSION
from ops import hosting, release
from ops.deployment import Deployment
from ops.failure import CommandFailed
from tests.ops.cloud import SITE, Google, outputs


def deployment() -> Deployment:
    found = Deployment.of(outputs())
    assert found
    return found


def running(google: Google) -> list[str]:
    """Two relays and two functions, on their first revisions."""
    relays = [google.serve(region, "interviewer-production-relay", f"relay-{region}-1") for region in REGIONS]
    return relays + [google.serve("europe-west1", f"interviewer-production-{name}", f"{name}-1") for name in FUNCTIONS]


REGIONS = ("europe-west1", "us-central1")
FUNCTIONS = ("start", "end")


def build_page(folder: Path, script: str) -> Path:
    (folder / "assets").mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text("<!doctype html><h1>Interviewer</h1>")
    (folder / "page.html").write_text("<!doctype html>")
    (folder / "assets" / "main.js").write_text(script)
    (folder / "config.json").write_text('{"interviewer": "embedded"}')
    return folder


def test_a_page_is_released_with_its_configuration(google: Google, tmp_path: Path) -> None:
    version = release.page(deployment(), google.cloud(), build_page(tmp_path, "1"))
    assert google.releases == [version]
    assert google.versions[version]["config"] == deployment().hosting_config
    assert google.page("/assets/main.js") == b"1"
    assert json.loads(google.page("/config.json")) == {**deployment().page_config, "version": VERSION}
    # Of the next release only new files are sent.
    google.asked.clear()
    release.page(deployment(), google.cloud(), build_page(tmp_path, "2"))
    assert google.page("/assets/main.js") == b"2"
    assert len([path for _, path in google.asked if path.startswith("/upload/")]) == 1


@pytest.mark.parametrize(
    ("config", "document"),
    [
        ({}, b"<!doctype html><h1>Interviewer</h1>"),
        ({"page_name": "Acme Academy"}, b"<!doctype html>"),
        ({"page_colour": "#0a84ff"}, b"<!doctype html>"),
    ],
)
def test_a_site_with_a_name_or_colour_of_its_own_has_no_first_picture_with_another(
    tmp_path: Path, config: dict[str, str], document: bytes
) -> None:
    assert hosting.read_page(build_page(tmp_path, "1"), config)["/index.html"] == document


def test_a_transient_failure_is_retried(google: Google, tmp_path: Path) -> None:
    google.failures += [("/releases", 503), (":populateFiles", 429), ("/upload/", 500)]
    release.page(deployment(), google.cloud(), build_page(tmp_path, "1"))
    assert google.page("/assets/main.js") == b"1"
    assert google.failures == []


def test_without_a_built_page_nothing_is_released(google: Google, tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="there is no page in"):
        release.page(deployment(), google.cloud(), tmp_path)
    assert google.asked == []


def test_back_restores_what_served_before(google: Google, tmp_path: Path) -> None:
    paths = running(google)
    first = release.page(deployment(), google.cloud(), build_page(tmp_path, "1"))
    before = json.loads(json.dumps(release.note(deployment(), google.cloud)))
    for path in paths:
        google.deploy(path, "newer")
    release.page(deployment(), google.cloud(), build_page(tmp_path, "2"))
    assert all(google.serving(path) == {"newer": 100} for path in paths)

    assert release.back(deployment(), google.cloud(), before) == []
    assert [google.serving(path) for path in paths] == [
        {"relay-europe-west1-1": 100},
        {"relay-us-central1-1": 100},
        {"start-1": 100},
        {"end-1": 100},
    ]
    assert google.releases[-1] == first
    assert google.page("/assets/main.js") == b"1"

    # The second time there is nothing to do.
    changed = [one for one in google.asked if one[0] != "GET"]
    assert release.back(deployment(), google.cloud(), before) == []
    assert [one for one in google.asked if one[0] != "GET"] == changed


def test_the_next_release_goes_forward_again_after_back(google: Google, tmp_path: Path) -> None:
    paths = running(google)
    release.page(deployment(), google.cloud(), build_page(tmp_path, "1"))
    before = release.note(deployment(), google.cloud)
    for path in paths:
        google.deploy(path, "bad")
    release.back(deployment(), google.cloud(), before)
    for path in paths:
        google.deploy(path, "mended")
        assert google.serving(path) != {"mended": 100}, "traffic stays where it was sent"
    release.forward(deployment(), google.cloud())
    assert all(google.serving(path) == {"mended": 100} for path in paths)
    google.deploy(paths[0], "newer still")
    assert google.serving(paths[0]) == {"newer still": 100}


def test_after_one_failure_back_restores_the_rest(google: Google, tmp_path: Path) -> None:
    paths = running(google)
    release.page(deployment(), google.cloud(), build_page(tmp_path, "1"))
    before = release.note(deployment(), google.cloud)
    for path in paths:
        google.deploy(path, "newer")
    release.page(deployment(), google.cloud(), build_page(tmp_path, "2"))
    google.failures += [(paths[0], 403)]
    left = release.back(deployment(), google.cloud(), before)
    assert len(left) == 1
    assert "interviewer-production-relay in europe-west1" in left[0]
    assert google.serving(paths[0]) == {"newer": 100}
    assert all(google.serving(path) != {"newer": 100} for path in paths[1:])
    assert google.page("/assets/main.js") == b"1"


def test_a_first_deployment_has_nothing_to_restore(google: Google, tmp_path: Path) -> None:
    before = release.note(None, google.cloud)
    assert google.asked == []
    running(google)
    release.page(deployment(), google.cloud(), build_page(tmp_path, "1"))
    left = release.back(deployment(), google.cloud(), before)
    assert len(left) == 5
    assert all("nothing to restore" in line for line in left)


def test_a_service_that_is_not_ready_stops_forward(google: Google) -> None:
    running(google)
    google.serve("europe-west1", "interviewer-production-end", "end-2", ready=False)
    with pytest.raises(
        CommandFailed, match=r"interviewer-production-end .* is not ready: The container did not listen"
    ):
        release.forward(deployment(), google.cloud())


def test_a_concurrent_change_is_not_overwritten(google: Google) -> None:
    paths = running(google)
    cloud = google.cloud()
    service = deployment().services[0]
    answer = google.run

    def change_meanwhile(method: str, path: str, query: dict[str, str], body: bytes) -> dict[str, object]:
        answered: dict[str, object] = json.loads(json.dumps(answer(method, path, query, body)))
        google.services[paths[0]]["etag"] = '"7"'
        return answered

    google.run = change_meanwhile  # type: ignore[method-assign]
    with pytest.raises(CommandFailed, match="version mismatch"):
        cloud.services.send_to(service, {"another": 100})
    assert google.serving(paths[0]) == {"relay-europe-west1-1": 100}


def test_a_missing_output_is_named() -> None:
    with pytest.raises(CommandFailed, match="no output 'page_config'"):
        Deployment.of(json.dumps({k: v for k, v in json.loads(outputs()).items() if k != "page_config"}))
    with pytest.raises(CommandFailed, match="not the output"):
        Deployment.of("Warning: No outputs found")
    assert Deployment.of("{}") is None
    assert SITE in outputs()


def test_browsers_may_call_the_functions_and_nothing_is_granted(google: Google) -> None:
    """By switching Cloud Run's own check off, which an organisation that refuses `allUsers` allows."""
    relay, _, start, end = running(google)
    assert release.public(deployment(), google.cloud()) == [
        "interviewer-production-start",
        "interviewer-production-end",
    ]
    assert [google.services[path].get("invokerIamDisabled") for path in (relay, start, end)] == [None, True, True]
    google.asked.clear()
    assert release.public(deployment(), google.cloud()) == []
    assert {method for method, _ in google.asked} == {"GET"}, "what is public already is not changed"


def test_functions_that_do_not_exist_yet_are_left_out(google: Google) -> None:
    google.serve("europe-west1", "interviewer-production-end", "end-1")
    assert release.public(deployment(), google.cloud()) == ["interviewer-production-end"]


def test_a_release_says_which_tests_were_left_out(google: Google, tmp_path: Path) -> None:
    folder = build_page(tmp_path, "1")
    release.page(deployment(), google.cloud(), folder)
    release.page(deployment(), google.cloud(), folder, "test-browser")
    assert google.messages == [f"Version {VERSION}", "Hotfix: not tested by test-browser."]
