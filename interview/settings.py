"""The settings. No other module reads the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from contract.terms import DEFAULT_LANGUAGE
from interview.errors import Invalid

_APP_ID = re.compile(r"1:[0-9]+:web:[0-9a-f]+")
"""A web app of Firebase: the version of the form, the project's number, the platform, and what is unique."""


EMBEDDED_KEY = "embedded"
"""The API key of the embedded interviewer, which requires one as the real service does."""


@dataclass(frozen=True)
class Gemini:
    """How to reach Gemini, for Live and text. It is `configured` with a key or with Vertex AI."""

    api_key: str | None = field(default=None, repr=False)
    vertex: bool = False
    project: str | None = None
    location: str | None = None
    base_url: str | None = None
    ca_file: Path | None = None
    live_model: str = "gemini-3.8-live"
    text_model: str = "gemini-3.8-flash"
    voice: str = "Kore"

    @property
    def configured(self) -> bool:
        return self.vertex or bool(self.api_key)

    @property
    def embedded(self) -> bool:
        """It is the embedded interviewer of `make dev`, which reads no pictures."""
        return self.api_key == EMBEDDED_KEY


@dataclass(frozen=True)
class Tavus:
    """How to reach Tavus, and how many interviews may have an avatar: `concurrent` at a time and `daily` in a day
    (UTC).

    Without a key, or with a limit of zero, it is not `configured` and interviews are by voice.
    """

    api_key: str | None = field(default=None, repr=False)
    base_url: str = "https://tavusapi.com/v2"
    replica_id: str | None = None
    persona_id: str | None = None
    concurrent: int = 3
    daily: int = 20

    @property
    def configured(self) -> bool:
        return bool(self.api_key) and self.concurrent > 0 and self.daily > 0


@dataclass(frozen=True)
class Limits:
    """Who may start an interview: `concurrent` at a time, `daily` in a day (UTC) and while all interviews of that day
    cost less than `dollars` (0: no limit); `hourly` starts from one network. With a `start_code` only those who know
    it. With an `invite_code` a fifth of the places is kept for those who know that.
    """

    concurrent: int = 50
    daily: int = 200
    dollars: float = 50.0
    hourly: int = 60
    start_code: str | None = field(default=None, repr=False)
    invite_code: str | None = field(default=None, repr=False)

    def reserve(self, places: int) -> int:
        """How many of these places are kept for those with an invite."""
        return -(-places // 5) if self.invite_code else 0


FIRESTORE_BACKUP_DAYS = 8
"""Days after which no backup has a deleted interview: point-in-time recovery and daily backups go back seven days
(infra/terraform/database.tf), and a day is for deleting an expired backup.
"""


@dataclass(frozen=True, slots=True)
class Sweep:
    """The service account that may call the sweep and have summaries written, and the audience of its ID token (the
    function's URL).
    """

    account: str
    audience: str


@dataclass(frozen=True, slots=True)
class AppCheck:
    """A web app that is registered with Firebase App Check, and its keys. All three are public: the page has them."""

    app_id: str
    api_key: str
    site_key: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. The README documents their names and defaults."""

    host: str
    port: int
    relay_port: int
    data_dir: Path
    store: str
    files: str
    relay_urls: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    gemini: Gemini
    tavus: Tavus
    limits: Limits
    interview_minutes: float
    interview_dollars: float
    languages: tuple[str, ...]
    """The language tags that interviews may have; the first is the default. None: any language, and en-US."""
    retention_days: int
    backup_days: int
    sweep: Sweep | None
    second_ear: bool
    """Whether the text model transcribes each spoken answer again."""
    tasks_queue: str | None
    """The queue of summaries in Cloud Tasks, `projects/PROJECT/locations/REGION/queues/NAME`."""
    app_check: AppCheck | None
    sentry_dsn: str | None
    page_contact: str | None
    """Who answers questions about what is kept: an e-mail address or an https address, which the page shows."""
    forwarded: bool
    """Whether Google's front end is in front of this process and names the caller in X-Forwarded-For."""

    @property
    def offered_languages(self) -> tuple[str, ...]:
        """The language tags that the page offers; the first is the default. None: any. The embedded interviewer speaks
        English only; where `languages` has none, it says so.
        """
        if not self.gemini.embedded:
            return self.languages
        english = tuple(tag for tag in self.languages if tag.lower().split("-")[0] == "en")
        return english or self.languages or (DEFAULT_LANGUAGE,)


def read_env_file(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of a `.env` file. Comments, `export` and quotes around a value are allowed."""
    values: dict[str, str] = {}
    if not path.is_file():
        return values
    for line in path.read_text("utf-8").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            value = value.strip()
            quoted = value[:1] in ("'", '"') and value.endswith(value[:1]) and value != value[:1]
            values[name.strip()] = value[1:-1] if quoted else value
    return values


def load(environ: Mapping[str, str] | None = None, env_file: Path = Path(".env")) -> Settings:
    """Read the settings from the environment, else from `.env`. Raises Invalid, with the setting as `field`."""
    given = {**read_env_file(env_file), **os.environ} if environ is None else dict(environ)
    # An empty variable counts as not set: `.env` templates and containers leave variables empty.
    given = {name: value for name, value in given.items() if value}
    # Cloud Run sets K_SERVICE. There the only port is PORT, and the container listens on all its interfaces.
    in_container = "K_SERVICE" in given
    port = _integer(given, "PORT", 8080, low=0, high=65535)
    relay_port = port if in_container else _integer(given, "RELAY_PORT", 8081, low=0, high=65535)
    data_dir = Path(given.get("DATA_DIR", ".data"))
    store = given.get("STORE", f"sqlite:///{data_dir}/interviews.db")
    origins = given.get("ALLOWED_ORIGINS", f"http://localhost:{port}")
    ca_file = given.get("GEMINI_CA_FILE")
    return Settings(
        host="0.0.0.0" if in_container else "127.0.0.1",  # noqa: S104
        port=port,
        relay_port=relay_port,
        data_dir=data_dir,
        store=store,
        files=given.get("FILES", f"file://{data_dir}/files"),
        relay_urls=_relay_urls(given.get("RELAY_URL", f"ws://localhost:{relay_port}")),
        allowed_origins=_addresses(origins),
        gemini=Gemini(
            api_key=given.get("GEMINI_API_KEY"),
            vertex=given.get("GOOGLE_GENAI_USE_VERTEXAI", "").lower() in ("1", "true", "yes"),
            project=given.get("GOOGLE_CLOUD_PROJECT"),
            location=given.get("GOOGLE_CLOUD_LOCATION"),
            base_url=given.get("GEMINI_BASE_URL"),
            ca_file=Path(ca_file) if ca_file else None,
            live_model=given.get("GEMINI_LIVE_MODEL", Gemini.live_model),
            text_model=given.get("GEMINI_TEXT_MODEL", Gemini.text_model),
            voice=given.get("VOICE", Gemini.voice),
        ),
        tavus=Tavus(
            api_key=given.get("TAVUS_API_KEY"),
            base_url=given.get("TAVUS_BASE_URL", Tavus.base_url).rstrip("/"),
            replica_id=given.get("TAVUS_REPLICA_ID"),
            persona_id=given.get("TAVUS_PERSONA_ID"),
            concurrent=_integer(given, "AVATAR_CONCURRENT", Tavus.concurrent, low=0, high=1000),
            daily=_integer(given, "AVATAR_DAILY", Tavus.daily, low=0, high=100_000),
        ),
        limits=Limits(
            concurrent=_integer(given, "INTERVIEWS_CONCURRENT", Limits.concurrent, low=0, high=1000),
            daily=_integer(given, "INTERVIEWS_DAILY", Limits.daily, low=0, high=5000),
            dollars=_number(given, "DOLLARS_DAILY", Limits.dollars, low=0, high=1_000_000),
            hourly=_integer(given, "STARTS_PER_HOUR", Limits.hourly, low=1, high=1000),
            start_code=given.get("START_CODE"),
            invite_code=given.get("INVITE_CODE"),
        ),
        interview_minutes=_number(given, "INTERVIEW_MINUTES", 25, low=0.1, high=55),
        interview_dollars=_number(given, "INTERVIEW_DOLLARS", 4, low=0, high=10_000),
        languages=_languages(given.get("LANGUAGES", "")),
        retention_days=_integer(given, "RETENTION_DAYS", 30, low=1, high=3650),
        backup_days=_integer(given, "BACKUP_DAYS", _backup_days(store), low=0, high=3650),
        sweep=_sweep(given),
        second_ear=given.get("SECOND_EAR", "").lower() in ("1", "true", "yes", "on"),
        tasks_queue=_queue(given.get("TASKS_QUEUE")),
        app_check=_app_check(given),
        sentry_dsn=_dsn(given.get("SENTRY_DSN")),
        page_contact=_contact(given.get("PAGE_CONTACT")),
        forwarded=in_container,
    )


def _contact(value: str | None) -> str | None:
    """An e-mail address or an https address."""
    if value and not re.fullmatch(r"[^@\s]+@[^@\s]+|https://\S+", value):
        raise Invalid("PAGE_CONTACT must be an e-mail address or an https address.", field="PAGE_CONTACT")
    return value


def _backup_days(store: str) -> int:
    """A SQLite file has no backups of ours, and overwrites what is deleted."""
    return FIRESTORE_BACKUP_DAYS if store.startswith("firestore://") else 0


def _addresses(value: str) -> tuple[str, ...]:
    """Addresses separated by commas."""
    return tuple(address.strip().rstrip("/") for address in value.split(",") if address.strip())


def _relay_urls(value: str) -> tuple[str, ...]:
    """One or several relays. The first is the default for every caller."""
    urls = _addresses(value)
    if not urls or not all(url.startswith(("ws://", "wss://")) for url in urls):
        raise Invalid(f"RELAY_URL must be ws or wss addresses, separated by commas, not {value!r}.", field="RELAY_URL")
    return urls


def _languages(value: str) -> tuple[str, ...]:
    """Language tags (BCP 47) separated by commas."""
    tags = tuple(tag.strip() for tag in value.split(",") if tag.strip())
    for tag in tags:
        if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", tag):
            raise Invalid(f"LANGUAGES must be language tags such as en-US,de-DE; {tag!r} is none.", field="LANGUAGES")
    return tags


def _sweep(given: Mapping[str, str]) -> Sweep | None:
    values = _together(given, "SWEEP_ACCOUNT", "SWEEP_AUDIENCE")
    return Sweep(*values) if values else None


def _app_check(given: Mapping[str, str]) -> AppCheck | None:
    values = _together(given, "APP_CHECK_APP", "APP_CHECK_API_KEY", "APP_CHECK_SITE_KEY")
    if values and not _APP_ID.fullmatch(values[0]):
        raise Invalid("APP_CHECK_APP must be like 1:1234567890:web:0a1b2c.", field="APP_CHECK_APP")
    return AppCheck(*values) if values else None


def _together(given: Mapping[str, str], *names: str) -> list[str]:
    """All of these settings or none: with only some, every call would be refused without a visible cause."""
    missing = [name for name in names if name not in given]
    if 0 < len(missing) < len(names):
        raise Invalid(f"{' and '.join(names)} must be set together; {missing[0]} is not set.", field=missing[0])
    return [] if missing else [given[name] for name in names]


def _queue(name: str | None) -> str | None:
    """A queue's full name: a shorter one would fail with each task, and no summary would be written at once."""
    if name is not None and not re.fullmatch(r"projects/[^/]+/locations/[^/]+/queues/[^/]+", name):
        raise Invalid("TASKS_QUEUE must be like projects/P/locations/L/queues/Q.", field="TASKS_QUEUE")
    return name


def _dsn(dsn: str | None) -> str | None:
    """`https://KEY@HOST/PROJECT`. The key is public: it allows sending errors and nothing else."""
    if dsn is None:
        return None
    parts = urlsplit(dsn)
    project = parts.path.rpartition("/")[2]
    if parts.scheme not in ("http", "https") or not parts.username or not parts.hostname or not project.isdigit():
        raise Invalid("SENTRY_DSN must be like https://KEY@HOST/PROJECT.", field="SENTRY_DSN")
    return dsn


def _number(given: Mapping[str, str], name: str, default: float, *, low: float, high: float) -> float:
    try:
        value = float(given.get(name, default))
    except ValueError:
        raise Invalid(f"{name} must be a number, not {given[name]!r}.", field=name) from None
    if not low <= value <= high:
        raise Invalid(f"{name} must be from {low:g} to {high:g}, not {value:g}.", field=name)
    return value


def _integer(given: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    value = _number(given, name, default, low=low, high=high)
    if value != int(value):
        raise Invalid(f"{name} must be a whole number, not {value:g}.", field=name)
    return int(value)


def child_environment() -> dict[str, str]:
    """The variables that a child process needs to start: where to find libraries, and no secrets."""
    return {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
