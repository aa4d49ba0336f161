"""What a deployment needs, checked before anything is made: `python -m ops.preflight`, or `make preflight`.

One line each: what, whether it is there, and what to do. It changes nothing. `make deploy` begins with it.
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import httpx2

from ops import failure, scale, terraform, tools
from ops.failure import CommandFailed
from ops.target import DEFAULT_ENVIRONMENT, Target

BUILD_REGIONS: Final = (
    "us-central1",
    "us-west2",
    "europe-west1",
    "asia-east1",
    "australia-southeast1",
    "southamerica-east1",
)
"""Where a new project may build, functions included (https://cloud.google.com/build/docs/locations, "Restricted regions
for some projects", read 2026-11-26).
"""
OLDEST_TERRAFORM: Final = (1, 11)
KEY_TIMEOUT: Final = 15.0
"""Seconds for the answer to a key."""
GEMINI: Final = "https://generativelanguage.googleapis.com"
TAVUS: Final = "https://tavusapi.com"
SECRETS: Final = {"GEMINI_API_KEY": "gemini-api-key", "TAVUS_API_KEY": "tavus-api-key"}

State = Literal["ok", "note", "missing"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `missing` stops a deployment; a `note` does not."""

    what: str
    state: State
    told: str


def preflight(target: Target, environ: Mapping[str, str]) -> list[Line]:
    """All lines. Later checks need the earlier ones, so the list ends at a missing tool, login or project."""
    lines: list[Line] = []
    for check in (_tools, _login, _project):
        line = check(target)
        lines.append(line)
        if line.state == "missing":
            return lines
    known = _bootstrap(target)
    lines += [_billing(target), _region(target, known, environ), *_policies(target), _firebase(known)]
    if target.budget_account:
        lines.append(_budget(target.budget_account))
    keys = {name: _key(target, name, environ) for name in target.needs}
    if "GEMINI_API_KEY" in keys:
        lines += [_gemini(target, keys["GEMINI_API_KEY"], environ), _tier()]
    if "TAVUS_API_KEY" in keys:
        lines.append(_tavus(keys["TAVUS_API_KEY"], environ))
    return lines


def table(lines: Sequence[Line]) -> str:
    """The lines as a table for the terminal."""
    width = max(len(line.what) for line in lines)
    return "\n".join(f"{line.state:<8} {line.what:<{width}}  {line.told}" for line in lines)


def require(lines: Sequence[Line]) -> None:
    """Raise CommandFailed if something is missing."""
    missing = [line.what for line in lines if line.state == "missing"]
    if missing:
        raise CommandFailed(f"missing: {', '.join(missing)}; nothing was changed. The table above says what to do")


def _tools(_: Target) -> Line:
    try:
        tools.need("gcloud", "terraform")
    except CommandFailed as error:
        return Line("tools", "missing", str(error))
    printed = tools.ask(["terraform", "version", "-json"])
    found = re.match(r"(\d+)\.(\d+)", _read(printed).get("terraform_version", ""))
    if not found or (int(found[1]), int(found[2])) < OLDEST_TERRAFORM:
        return Line("tools", "missing", "Terraform is older than 1.11; install a newer one, or use Cloud Shell")
    return Line("tools", "ok", f"gcloud, terraform {found[0]}")


def _login(_: Target) -> Line:
    account = tools.ask(["gcloud", "auth", "list", "--filter=status:ACTIVE", "--format=value(account)"])
    if not account:
        return Line("login", "missing", "not logged in; run: gcloud auth login")
    if tools.ask(["gcloud", "auth", "application-default", "print-access-token"]) is None:
        return Line("login", "missing", "Terraform is not logged in; run: gcloud auth application-default login")
    return Line("login", "ok", account)


def _project(target: Target) -> Line:
    if tools.ask(["gcloud", "projects", "describe", target.project, "--format=value(projectId)"]) is None:
        return Line("project", "missing", f"there is no project {target.project}, or you have no access to it")
    return Line("project", "ok", target.project)


def _bootstrap(target: Target) -> Mapping[str, Any]:
    """The outputs of infra/bootstrap; empty before the first deployment."""
    bucket = f"gs://{target.state_bucket}"
    if tools.ask(["gcloud", "storage", "buckets", "describe", bucket, "--format=value(name)"]) is None:
        return {}
    return terraform.bootstrapped(target)


def _billing(target: Target) -> Line:
    linked = tools.ask(["gcloud", "billing", "projects", "describe", target.project, "--format=value(billingEnabled)"])
    if linked == "True":
        return Line("billing", "ok", "linked")
    if linked is None:
        return Line("billing", "note", "can't be read with your roles; without billing the first API is refused")
    link = f"gcloud billing projects link {target.project} --billing-account=ACCOUNT"
    return Line("billing", "missing", f"no billing account is linked; run: {link}")


def _region(target: Target, known: Mapping[str, Any], environ: Mapping[str, str]) -> Line:
    kept = terraform.region_of(known)
    if kept and kept != target.region:
        return Line(
            "region",
            "missing",
            f"images and builds of this project are in {kept} and can't move: set region = "
            f'"{kept}" in {target.environment}.tfvars, or use another project',
        )
    if kept or target.region in BUILD_REGIONS:
        return Line("region", "ok", target.region)
    told = f"a new project can build only in {', '.join(BUILD_REGIONS)}"
    if environ.get("ANY_REGION"):
        return Line("region", "note", f"{target.region}; {told}")
    return Line("region", "missing", f"{told}; if yours may build in {target.region}, set ANY_REGION=1")


def _policies(target: Target) -> list[Line]:
    """The organisation's policies that would refuse a part of the deployment."""
    found = {name: _policy(target, name) for name in _POLICIES}
    if all(rules is None for rules in found.values()):
        told = "can't be read (Organization Policy Viewer); if a later step is refused, its message names the policy"
        return [Line("policies", "note", told)]
    lines = []
    for name, (bites, told) in _POLICIES.items():
        if any(bites(rule, target.region) for rule in found[name] or ()):
            lines.append(Line("policies", "missing", f"{name}: {told.format(region=target.region)}"))
    return lines or [Line("policies", "ok", "none of the organisation's policies is in the way")]


def _policy(target: Target, name: str) -> list[Mapping[str, Any]] | None:
    """The rules of a policy that apply to the project; None if they can't be read."""
    command = ["gcloud", "org-policies", "describe", name, "--effective", f"--project={target.project}"]
    printed = tools.ask([*command, "--format=json"])
    return None if printed is None else list(_read(printed).get("spec", {}).get("rules", []))


def _enforced(rule: Mapping[str, Any], _: str) -> bool:
    return rule.get("enforce") in (True, "true", "TRUE")


def _not_public(rule: Mapping[str, Any], _: str) -> bool:
    allowed = [str(value).removeprefix("is:").lower() for value in rule.get("values", {}).get("allowedValues", [])]
    return bool(rule.get("denyAll")) or (bool(allowed) and not {"all", "allow_all"} & set(allowed))


def _elsewhere(rule: Mapping[str, Any], region: str) -> bool:
    allowed = [str(value) for value in rule.get("values", {}).get("allowedValues", [])]
    continent = region.partition("-")[0]
    groups = {"europe": ("in:eu", "in:europe"), "us": ("in:us",), "asia": ("in:asia",)}.get(continent, ())
    return bool(allowed) and not any(region in value or value.startswith(groups) for value in allowed)


_POLICIES: Final = {
    "run.managed.requireInvokerIam": (
        _enforced,
        "browsers have no identity, so Cloud Run must not ask for one; ask for an exception for this project",
    ),
    "run.allowedIngress": (_not_public, "browsers call from the internet; ask for `all`"),
    "cloudfunctions.allowedIngressSettings": (_not_public, "Hosting calls from the internet; ask for ALLOW_ALL"),
    "iam.disableServiceAccountCreation": (_enforced, "every component has its own account; ask for an exception"),
    "gcp.resourceLocations": (_elsewhere, "{region} is not allowed; choose another region, or ask for it"),
}
"""Each policy, when it is in the way, and what to do. Domain restricted sharing (iam.allowedPolicyMemberDomains) is not
in the way: nothing is granted to `allUsers`.
"""


def _firebase(known: Mapping[str, Any]) -> Line:
    if known:
        return Line("firebase", "ok", "this project has it")
    told = "accept its terms first if you never used it (console.firebase.google.com): no API says whether you have"
    return Line("firebase", "note", told)


def _budget(account: str) -> Line:
    if tools.ask(["gcloud", "billing", "accounts", "describe", account, "--format=value(name)"]) is None:
        told = (
            f"you can't use the billing account {account}: ask for Billing Account Costs Manager, or remove the budget"
        )
        return Line("budget", "missing", told)
    return Line("budget", "ok", f"made with your login on {account}")


def _key(target: Target, name: str, environ: Mapping[str, str]) -> str | None:
    """The key as it is given, else the newest one in its secret. It is only sent to its provider, and never printed."""
    if environ.get(name):
        return environ[name]
    command = ["gcloud", "secrets", "versions", "access", "latest", f"--secret={SECRETS[name]}"]
    return tools.ask([*command, f"--project={target.project}"]) or None


def _gemini(target: Target, key: str | None, environ: Mapping[str, str]) -> Line:
    if key is None:
        return Line("gemini", "missing", "no key: run again with GEMINI_API_KEY=… (aistudio.google.com, with billing)")
    base = environ.get("GEMINI_BASE_URL", GEMINI)
    for model in target.models:
        status = _status(f"{base}/v1beta/models/{model}", {"x-goog-api-key": key})
        if status is None:
            return Line("gemini", "note", "no answer from Gemini; the key was not tested")
        if status == httpx2.codes.NOT_FOUND:
            return Line("gemini", "missing", f"the key has no model {model}; set gemini = {{ live_model, text_model }}")
        if status == httpx2.codes.TOO_MANY_REQUESTS:
            return Line("gemini", "note", "the key works, and its quota is used up at present")
        if status != httpx2.codes.OK:
            return Line("gemini", "missing", f"Gemini refuses the key (HTTP {status}); make a new one in AI Studio")
    return Line("gemini", "ok", f"the key has {' and '.join(target.models)}")


def _tier() -> Line:
    first = scale.TIERS[0]
    told = (
        f"Google doesn't say a key's tier here, AI Studio does. {first.name} ends at ${first.month:,} a month: "
        f"{scale.interviews_of(first.month)} interviews of 25 minutes; "
        f"and at ${first.ten_minutes} in ten minutes: {scale.at_once(first)} interviews at once"
    )
    return Line("tier", "note", told)


def _tavus(key: str | None, environ: Mapping[str, str]) -> Line:
    if key is None:
        return Line("tavus", "missing", "no key: run again with TAVUS_API_KEY=…, or set avatar = { enabled = false }")
    base = environ.get("TAVUS_BASE_URL", TAVUS)
    status = _status(f"{base}/v2/conversations?limit=1&status=active", {"x-api-key": key})
    if status is None:
        return Line("tavus", "note", "no answer from Tavus; the key was not tested")
    if status != httpx2.codes.OK:
        return Line("tavus", "missing", f"Tavus refuses the key (HTTP {status}); make a new one in its dashboard")
    told = "the key works; avatar.concurrent must not be above your plan's conversations at once (its dashboard says)"
    return Line("tavus", "ok", told)


def _status(url: str, headers: Mapping[str, str]) -> int | None:
    """The status of the answer; None without an answer."""
    try:
        return httpx2.get(url, headers=dict(headers), timeout=KEY_TIMEOUT).status_code
    except (httpx2.TransportError, httpx2.InvalidURL):
        return None


def _read(printed: str | None) -> dict[str, Any]:
    try:
        read = json.loads(printed or "{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def main() -> None:
    """`python -m ops.preflight [ENVIRONMENT]`."""
    parser = argparse.ArgumentParser(prog="python -m ops.preflight", description=__doc__)
    parser.add_argument("environment", nargs="?", default=DEFAULT_ENVIRONMENT)
    with failure.reported("preflight"):
        lines = preflight(Target.read(parser.parse_args().environment), os.environ)
        print(table(lines))
        sys.exit(1 if any(line.state == "missing" for line in lines) else 0)


if __name__ == "__main__":
    main()
