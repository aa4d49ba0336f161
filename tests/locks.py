"""The locks as pip reads them, and an index of generated wheels with the locked and newer versions."""

import hashlib
import importlib.metadata
import re
import sys
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path
from typing import Final

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

ROOT: Final = Path(__file__).parents[1]
REQUIREMENTS: Final = ROOT / "requirements"
ENVIRONMENTS: Final = {
    "dev": Path(sys.prefix),
    "functions": Path(sys.prefix),
    "relay": Path(sys.prefix),
    "policy": ROOT / ".infra" / "policy",
}
"""Where each lock is installed after the set-up; `dev` has all of `functions` and `relay`."""
SUPPORTED: Final[tuple[Mapping[str, str], ...]] = tuple(
    {
        **{name: str(value) for name, value in default_environment().items()},
        "python_version": python.rpartition(".")[0],
        "python_full_version": python,
        "implementation_version": python,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "os_name": "posix",
        "sys_platform": platform,
        "platform_system": system,
        "platform_machine": machine,
    }
    for python in ("3.11.2", "3.11.14", "3.12.0", "3.13.0", "3.14.0")
    for platform, system, machine in (
        ("linux", "Linux", "x86_64"),
        ("linux", "Linux", "aarch64"),
        ("darwin", "Darwin", "arm64"),
    )
)
"""The markers' values on the machines that the README promises. 3.11.2 is Debian 12's."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of a lock."""

    requirement: Requirement

    @property
    def name(self) -> NormalizedName:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        return str(self.requirement.specifier).removeprefix("==")

    def applies(self, environment: Mapping[str, str] | None = None) -> bool:
        """Whether its marker is true, on this machine unless an environment is given."""
        marker = self.requirement.marker
        return marker is None or marker.evaluate(dict(environment) if environment else None)


def pins(lock: str) -> list[Pin]:
    """The lines of requirements/`lock`.txt, without their hashes."""
    text = (REQUIREMENTS / f"{lock}.txt").read_text("utf-8")
    return [Pin(Requirement(line)) for line in re.findall(r"^([\w.\[\],-]+==[^\\\n]+?)\s*\\?$", text, re.MULTILINE)]


def installed(environment: Path) -> dict[NormalizedName, Distribution]:
    """The distributions of a virtual environment; none if it does not exist."""
    folders = [str(folder) for folder in environment.glob("lib/python3*/site-packages")]
    return {canonicalize_name(one.name): one for one in importlib.metadata.distributions(path=folders)}


def gaps(
    lock: Iterable[Pin],
    wanted: Iterable[Requirement],
    distributions: Mapping[NormalizedName, Distribution],
    environment: Mapping[str, str],
) -> list[str]:
    """Every requirement that the lock leaves open in an environment: of what the project wants, and of each locked
    distribution with the extras that anything asks of it. A pin that is not installed here requires nothing.
    """
    locked = {pin.name: pin for pin in lock if pin.applies(environment)}
    extras: dict[NormalizedName, set[str]] = {}
    found: dict[str, None] = {}
    waiting = [("pyproject.toml", one) for one in wanted if _holds(one, (), environment)]
    while waiting:
        of, one = waiting.pop()
        name = canonicalize_name(one.name)
        pin = locked.get(name)
        if pin is None or not one.specifier.contains(pin.version, prereleases=True):
            found[f"{of} requires {one}"] = None
            continue
        if name in extras and one.extras <= extras[name]:
            continue
        extras[name] = extras.get(name, set()) | one.extras
        distribution = distributions.get(name)
        if distribution and distribution.version == pin.version:
            needs = map(Requirement, distribution.requires or ())
            waiting += [(name, need) for need in needs if _holds(need, extras[name], environment)]
    return list(found)


def _holds(requirement: Requirement, extras: Iterable[str], environment: Mapping[str, str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**environment, "extra": extra}) for extra in ("", *extras))


def install(environment: Path, lock: Path) -> list[str]:
    """The command that installs a lock in a virtual environment that may have no pip."""
    options = ["--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps", "--require-hashes"]
    return [sys.executable, "-m", "pip", "--python", str(environment), "install", *options, "-r", str(lock)]


def write_index(folder: Path) -> dict[str, str]:
    """A simple index in this folder: what is pinned anywhere for this machine, with what the real ones require, and a
    newer version of every package. Gives each lock's text with the hashes of these wheels in place of the real ones.
    """
    texts = {}
    for file in sorted(REQUIREMENTS.glob("*.txt")):
        distributions = installed(ENVIRONMENTS[file.stem]) if file.stem in ENVIRONMENTS else {}
        lines = []
        for pin in pins(file.stem):
            digest = "0" * 64
            if pin.applies():
                # The newer one is near enough to satisfy what the others require of it.
                for version in (f"{pin.version}.1", pin.version):
                    wheel = write_wheel(folder / pin.name, pin.requirement.name, version, distributions.get(pin.name))
                digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
            lines.append(f"{pin.requirement} --hash=sha256:{digest}\n")
        texts[file.stem] = "".join(lines)
    for page in folder.iterdir():
        links = "".join(f'<a href="{wheel.name}">{wheel.name}</a>' for wheel in sorted(page.glob("*.whl")))
        (page / "index.html").write_text(f"<!DOCTYPE html><html><body>{links}</body></html>", "utf-8")
    return texts


def write_wheel(folder: Path, name: str, version: str, needs: Distribution | None) -> Path:
    """A wheel of nothing but metadata, which names what `needs` requires; the same to the byte every time."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{canonicalize_name(name).replace('-', '_')}-{version}"
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    if needs:
        metadata += [f"Provides-Extra: {extra}" for extra in needs.metadata.get_all("Provides-Extra") or ()]
        metadata += [f"Requires-Dist: {line}" for line in needs.requires or ()]
    info = f"{stem}.dist-info"
    files = {
        f"{info}/METADATA": "\n".join(metadata) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": f"{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n",
    }
    wheel = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path), content)
    return wheel
