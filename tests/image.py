"""Builds and starts the images of the relay and the canary without a container engine: runs the Dockerfile's steps,
each stage in a new root folder.

This machine's Python replaces the base image: its standard library, pip, a shell, and the libraries they are linked
to. The folder holds nothing else. The commands run under chroot, which needs root. They have no network: the packages
are downloaded first, by the same hashed requirements, into a folder beside the image.
"""

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
DOCKERFILE: Final = ROOT / "relay" / "Dockerfile"
IGNORE: Final = ROOT / ".dockerignore"
TIMEOUT: Final = 300.0
"""Seconds that one step may take."""

_LIBRARIES: Final = re.compile(r"lib(stdc\+\+|gcc_s|z|c|m|dl|rt|util|pthread|resolv|nss_files|nss_dns)\.so\.\d")
"""Libraries that a wheel may expect on every machine (PEP 599). Debian's slim image has them."""
_PROBE: Final = """
import json, os, pip, sys, sysconfig
print(json.dumps([os.path.realpath(sys.executable), sysconfig.get_path("stdlib"), os.path.dirname(pip.__file__)]))
"""
_LEFT_OUT: Final = ("__pycache__", "test", "tests", "site-packages", "dist-packages", "config-*", "idlelib", "lib2to3")


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction of a Dockerfile: its name in capitals, and its arguments."""

    name: str
    rest: str


@dataclass(frozen=True, slots=True)
class Stage:
    """The instructions from one FROM to the next."""

    base: str
    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """A root folder, and how to start a process in it."""

    root: Path
    environ: Mapping[str, str] = field(default_factory=lambda: {"PATH": "/usr/local/bin:/usr/bin:/bin"})
    workdir: str = "/"
    user: int = 0
    group: int = 0
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()

    def start(self, environ: Mapping[str, str], *arguments: str) -> subprocess.Popen[bytes]:
        """Start it as a container engine does: as its user, in its folder, with its variables plus `environ`. The
        arguments take the place of CMD.
        """
        return self._run((*self.entrypoint, *(arguments or self.command)), environ)

    def run(self, *command: str, environ: Mapping[str, str] | None = None) -> str:
        """Run a command in the image, as RUN does; returns its output. Raises CalledProcessError."""
        process = self._run(command, environ or {})
        try:
            output, errors = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command, output, errors.decode())
        return output.decode()

    def _run(self, command: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            env={**self.environ, **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=self._enter,  # noqa: PLW1509 - no thread of the parent holds a lock that the child needs
        )

    def _enter(self) -> None:
        os.chroot(self.root)
        os.chdir(self.workdir)
        os.setgroups([])
        os.setgid(self.group)
        os.setuid(self.user)


def read(dockerfile: Path = DOCKERFILE) -> list[Stage]:
    """The stages of a Dockerfile, with the values of its ARGs filled in."""
    text = re.sub(r"^\s*#.*\n", "", dockerfile.read_text("utf-8"), flags=re.MULTILINE).replace("\\\n", "")
    values: dict[str, str] = {}
    stages: list[Stage] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, rest = line.split(maxsplit=1)
        if name == "ARG":
            key, _, value = rest.partition("=")
            values[key] = value
        elif name == "FROM":
            base, *called = re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], rest).split()
            stages.append(Stage(base, called[1] if called else "final", ()))
        else:
            stages[-1] = replace(stages[-1], steps=(*stages[-1].steps, Step(name, rest)))
    return stages


def ignored(path: str, ignore: Path = IGNORE) -> bool:
    """Whether .dockerignore excludes this path. The last pattern that matches it, or a folder above it, decides."""
    verdict = False
    heads = [path.rsplit("/", up)[0] for up in range(path.count("/") + 1)]
    for pattern in ignore.read_text("utf-8").splitlines():
        wanted = pattern.strip().removeprefix("!")
        # One star does not match a slash; two stars do.
        if wanted.startswith("**/"):
            fits = any(fnmatch.fnmatchcase(part, wanted[3:]) for part in path.split("/"))
        else:
            fits = any(fnmatch.fnmatchcase(head, wanted) for head in heads if head.count("/") == wanted.count("/"))
        if fits and wanted and not wanted.startswith("#"):
            verdict = not pattern.startswith("!")
    return verdict


def build(folder: Path) -> dict[str, Image]:
    """Build all stages, each in its own folder below `folder`, and keep those that nothing is copied from, by name.

    Raises CalledProcessError.
    """
    stages = read()
    python, library, pip = find_python(stages[0].base)
    wheels = folder / "wheels"
    fetch(wheels, python, pip)
    built: dict[str, Image] = {}
    for stage in stages:
        root = folder / stage.name
        if stage.base in built:
            # Links, as an engine's layers share files. Steps add files to them and change none.
            shutil.copytree(built[stage.base].root, root, symlinks=True, copy_function=os.link)
            image = replace(built[stage.base], root=root)
        else:
            create_base(root, python, library, pip)
            image = Image(root)
        shutil.copytree(wheels, root / "wheels")
        for step in stage.steps:
            image = take(step, image, {name: one.root for name, one in built.items()})
        shutil.rmtree(root / "wheels")
        built[stage.name] = image
    sources = {name for name in built for stage in stages for step in stage.steps if f"--from={name} " in step.rest}
    for done in (wheels, *(built.pop(name).root for name in sources)):
        shutil.rmtree(done)
    return built


def take(step: Step, image: Image, roots: Mapping[str, Path]) -> Image:
    """The image after one step. Raises ValueError for an unknown instruction."""
    match step:
        case Step("RUN", command):
            image.run("/bin/sh", "-ec", command, environ={"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels"})
        case Step("COPY", rest):
            *options, source, target = rest.split()
            there = roots[options[0].removeprefix("--from=")] if options else ROOT
            copy(there, source, image.root / target.lstrip("/"), whole=bool(options))
        case Step("ENV", rest):
            return replace(image, environ={**image.environ, **dict(one.split("=", 1) for one in shlex.split(rest))})
        case Step("WORKDIR", folder):
            (image.root / folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
            return replace(image, workdir=folder)
        case Step("USER", user):
            uid, gid = map(int, user.split(":"))
            return replace(image, user=uid, group=gid)
        case Step("CMD", command):
            return replace(image, command=tuple(json.loads(command)))
        case Step("ENTRYPOINT", command):
            return replace(image, entrypoint=tuple(json.loads(command)), command=())
        case Step("EXPOSE", _):
            pass
        case _:
            raise ValueError(step.name)
    return image


def copy(there: Path, source: str, target: Path, *, whole: bool) -> None:
    """COPY from the context without the ignored files, or, with `whole`, everything from another stage."""
    origin = there / source.lstrip("/")
    if origin.is_file():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy2(origin, target)
        return

    def left_out(folder: str, names: Iterable[str]) -> list[str]:
        at = Path(folder).relative_to(there)
        return [] if whole else [name for name in names if ignored(str(at / name))]

    shutil.copytree(origin, target, symlinks=True, ignore=left_out)


def find_python(base: str) -> tuple[Path, Path, Path]:
    """The executable, standard library and pip of the base image's Python version; the running one if missing."""
    found = re.search(r"python:(\d+\.\d+)", base)
    version = found[1] if found else "3"
    for name in (f"python{version}", sys.executable):
        try:
            answer = subprocess.run(
                [name, "-c", _PROBE],
                env={**os.environ, "PYENV_VERSION": version},  # pyenv hides the versions that are not selected
                capture_output=True,
                check=True,
                timeout=30,
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        executable, library, pip = map(Path, json.loads(answer.stdout))
        return executable, library, pip
    raise FileNotFoundError("python")


def fetch(wheels: Path, python: Path, pip: Path) -> None:
    """Download the packages that the image installs, for this Python, checked by hash."""
    command = [str(python), str(pip), "--quiet", "download", "--dest", str(wheels)]
    command += ["--only-binary", ":all:", "--no-deps", "--require-hashes"]
    command += ["-r", str(ROOT / "requirements" / "relay.txt")]
    subprocess.run(command, check=True, timeout=TIMEOUT)


def create_base(root: Path, python: Path, library: Path, pip: Path) -> None:
    """Fill a root folder with the files that replace the base image."""
    (root / "tmp").mkdir(parents=True)
    (root / "tmp").chmod(0o1777)
    binaries = root / "usr" / "local" / "bin"
    binaries.mkdir(parents=True)
    shutil.copy2(python, binaries)
    for name in ("python", "python3"):
        (binaries / name).symlink_to(python.name)
    (root / "bin").mkdir()
    shutil.copy2(Path("/bin/sh").resolve(), root / "bin" / "sh")
    home = root / "usr" / "local" / "lib" / library.name
    shutil.copytree(library, home, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    linked = [python, Path("/bin/sh"), *home.rglob("*.so")]
    for path in _linked_to(linked) | _installed():
        target = root / str(path).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            shutil.copy2(path.resolve(), target)
    site = Image(root).run("/usr/local/bin/python", "-Ic", "import site; print(site.getsitepackages()[0])").strip()
    shutil.copytree(pip, root / site.lstrip("/") / "pip", ignore=shutil.ignore_patterns("__pycache__"))


def _linked_to(paths: Iterable[Path]) -> set[Path]:
    answer = subprocess.run(["ldd", *paths], capture_output=True, check=False, timeout=TIMEOUT)
    return {Path(found) for found in re.findall(r"(/\S+) \(0x", answer.stdout.decode())}


def _installed() -> set[Path]:
    cache = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, check=True, timeout=TIMEOUT)
    machine = sysconfig.get_platform().rsplit("-", 1)[-1].replace("_", "-")
    found = re.findall(r"(\S+) \(.*?\) => (/\S+)", cache.stdout.decode())
    return {Path(path) for name, path in found if _LIBRARIES.fullmatch(name) and machine in path.replace("_", "-")}


def tree(root: Path, folders: Sequence[str], digest: Callable[[bytes], str]) -> dict[str, str]:
    """Every file below these folders of a root, with the digest of its content (for a link: of its target)."""
    files = sorted(path for folder in folders for path in (root / folder.lstrip("/")).rglob("*"))
    return {
        str(path.relative_to(root)): digest(str(path.readlink()).encode() if path.is_symlink() else path.read_bytes())
        for path in files
        if path.is_symlink() or path.is_file()
    }
