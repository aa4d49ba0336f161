"""What is deployed and how it is: `python -m ops.status [ENVIRONMENT]`, or `make status`."""

import argparse
import sys
from collections.abc import Callable
from typing import Final

import httpx2

from ops import hosting, terraform, trouble
from ops.deployment import Deployment
from ops.release import Cloud, reach
from ops.services import Serving
from ops.target import DEFAULT_ENVIRONMENT
from ops.trouble import Trouble

HEALTH_TIMEOUT: Final = 15.0
"""Seconds for a relay's word on itself; a sleeping one is woken by the question."""


def status(deployment: Deployment, cloud: Cloud, health: Callable[[str], str]) -> tuple[list[str], bool]:
    """Lines for the terminal, and whether all is well. `health` asks a relay, at its address."""
    lines, well = [deployment.url], True
    for service in deployment.services:
        serving = cloud.services.find(service)
        words = _words(serving) if serving else "missing"
        if serving and service.role == "relay":
            words += f"; {health(serving.url)}"
        well = well and serving is not None and serving.ready
        lines.append(f"{service.role:<6} {service.region:<16} {service.name}  {words}")
    version = hosting.live_version(cloud.hosting, deployment.hosting_site)
    lines.append(f"page   {version or 'not released yet'}")
    return lines, well and version is not None


def _words(serving: Serving) -> str:
    state = "ready" if serving.ready else f"not ready: {serving.reason}"
    shares = ", ".join(f"{revision} {percent} %" for revision, percent in serving.traffic.items()) or "no traffic"
    held = "" if serving.traffic == {serving.newest: 100} else f"; the newest is {serving.newest or 'none'}"
    return f"{state}; {shares}{held}"


def ask_health(url: str) -> str:
    """What one instance of a relay says; of several, whichever answers."""
    try:
        answer = httpx2.get(f"{url}/health", timeout=HEALTH_TIMEOUT)
        body = answer.json()
        version = body.get("version", "unknown")  # 0.1 did not say
        return f"{body['status']}, version {version}, {body['live']} live on the instance that answered"
    except (httpx2.TransportError, ValueError, KeyError, TypeError) as error:
        return f"does not answer ({type(error).__name__})"


def main() -> None:
    """`python -m ops.status [ENVIRONMENT]`."""
    parser = argparse.ArgumentParser(prog="python -m ops.status", description=__doc__)
    parser.add_argument("environment", nargs="?", default=DEFAULT_ENVIRONMENT)
    try:
        deployment = terraform.deployment(parser.parse_args().environment)
        lines, well = status(deployment, reach(deployment), ask_health)
    except Trouble as error:
        trouble.fail("status", error)
    print("\n".join(lines))
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
