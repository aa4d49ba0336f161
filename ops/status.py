"""Shows what is deployed and its state: `python -m ops.status [ENVIRONMENT]`, or `make status`."""

import argparse
import sys
from collections.abc import Callable
from typing import Final

import httpx2

from ops import failure, hosting, terraform
from ops.deployment import Deployment
from ops.release import Cloud, reach
from ops.services import Serving
from ops.target import DEFAULT_ENVIRONMENT

HEALTH_TIMEOUT: Final = 15.0
"""Seconds for a relay's health check, a cold start included."""


def status(deployment: Deployment, cloud: Cloud, health: Callable[[str], str]) -> tuple[list[str], bool]:
    """Lines for the terminal, and whether everything is ready. `health` asks the relay at an address."""
    lines, ready = [deployment.url], True
    for service in deployment.services:
        serving = cloud.services.find(service)
        line = _describe(serving) if serving else "missing"
        if serving and service.role == "relay":
            line += f"; {health(serving.url)}"
        ready = ready and serving is not None and serving.ready
        lines.append(f"{service.role:<6} {service.region:<16} {service.name}  {line}")
    version = hosting.live_version(cloud.hosting, deployment.hosting_site)
    lines.append(f"page   {version or 'not released yet'}")
    return lines, ready and version is not None


def _describe(serving: Serving) -> str:
    state = "ready" if serving.ready else f"not ready: {serving.reason}"
    shares = ", ".join(f"{revision} {percent} %" for revision, percent in serving.traffic.items()) or "no traffic"
    pinned = "" if serving.traffic == {serving.newest: 100} else f"; the newest is {serving.newest or 'none'}"
    return f"{state}; {shares}{pinned}"


def ask_health(url: str) -> str:
    """The health of one instance of a relay."""
    try:
        answer = httpx2.get(f"{url}/health", timeout=HEALTH_TIMEOUT)
        body = answer.json()
        version = body.get("version", "unknown")  # version 0.1 does not report it
        return f"{body['status']}, version {version}, {body['live']} live on the instance that answered"
    except (httpx2.TransportError, ValueError, KeyError, TypeError) as error:
        return f"does not answer ({type(error).__name__})"


def main() -> None:
    """`python -m ops.status [ENVIRONMENT]`."""
    parser = argparse.ArgumentParser(prog="python -m ops.status", description=__doc__)
    parser.add_argument("environment", nargs="?", default=DEFAULT_ENVIRONMENT)
    with failure.reported("status"):
        deployment = terraform.deployment(parser.parse_args().environment)
        lines, ready = status(deployment, reach(deployment), ask_health)
    print("\n".join(lines))
    sys.exit(0 if ready else 1)


if __name__ == "__main__":
    main()
