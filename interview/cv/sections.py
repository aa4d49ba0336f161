"""Shortening a CV by what its sections are worth to an interviewer, never in the midst of a job."""

import re
import unicodedata
from typing import NamedTuple

from interview.cv.text import cut

# What is left out, from the least telling on, by words that the headings of each begin with; in the languages in which
# CVs are written most.
_LEAST_TELLING: tuple[tuple[str, ...], ...] = (
    ("references", "referees", "referenzen", "referencias", "references professionnelles", "referenze", "referenties"),
    ("hobbies", "interests", "hobbies and interests", "personal interests", "interessen", "hobbys", "aficiones",
     "intereses", "centres d'interet", "loisirs", "interessi", "interesses", "hobby"),
    ("publications", "selected publications", "papers", "publikationen", "veroffentlichungen", "publicaciones",
     "pubblicazioni", "publicacoes", "publicaties", "patents"),
    ("awards", "honors", "honours", "honors and awards", "awards and honors", "achievements and awards", "scholarships",
     "auszeichnungen", "preise", "premios", "prix", "distinctions", "premi", "premios e distincoes"),
    ("talks", "conferences", "presentations", "invited talks", "vortrage", "memberships", "affiliations",
     "professional memberships", "mitgliedschaften"),
    ("courses", "coursework", "relevant coursework", "trainings", "training", "workshops", "kurse", "weiterbildung",
     "weiterbildungen", "cursos", "formations", "corsi"),
    ("volunteering", "volunteer", "volunteer experience", "volunteer work", "extracurricular activities", "ehrenamt",
     "voluntariado", "benevolat", "volontariato"),
)  # fmt: skip
# Other headings, at which one of the above ends.
_OTHERS = frozenset(
    re.findall(
        r"\w+",
        "profile summary about experience employment work career projects education skills languages "
        "certifications certificates contact objective qualifications technical professional profil "
        "berufserfahrung ausbildung kenntnisse sprachen projekte experiencia formacion habilidades "
        "idiomas proyectos formation competences langues projets esperienza istruzione competenze lingue "
        "formacao competencias werkervaring opleiding vaardigheden talen licenses teaching research",
    )
)
_HEADING_WORDS, _HEADING_LENGTH = 5, 45
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")
# How much of the allowed length a better place to cut at may cost.
_WORTH = 0.6
# Characters for the last line, which says what is left out.
_NOTE = 300


class Shortened(NamedTuple):
    """The text that is kept, and the headings of the sections that were left out of it whole."""

    text: str
    left_out: tuple[str, ...]


def shorten(text: str, characters: int) -> Shortened:
    """At most so many characters; what is longer loses sections, then its end, and says so in its last line."""
    if len(text) <= characters:
        return Shortened(text, ())
    room = characters - _NOTE
    lines, left_out = text.split("\n"), []
    for names in _LEAST_TELLING:
        if len("\n".join(lines)) <= room:
            break
        lines, gone = _without(lines, names)
        left_out += gone
    kept = "\n".join(lines).strip()
    whole = len(kept) <= room
    if not whole:
        kept = _cut_between_entries(kept, room)
    return Shortened(f"{kept}\n\n{_note(left_out, whole=whole)}"[:characters], tuple(left_out))


def _note(left_out: list[str], *, whole: bool) -> str:
    what = (
        [f"its sections {', '.join(left_out)}" if len(left_out) > 1 else f"its section {left_out[0]}"]
        if left_out
        else []
    )
    what += [] if whole else ["its end"]
    return f"[The CV goes on: {' and '.join(what)[:180]} left out here. What is missing here is no gap in it.]"


def _without(lines: list[str], names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The lines without sections of these names, and the headings of those that went."""
    kept: list[str] = []
    gone: list[str] = []
    inside = False
    for line in lines:
        plain = _plain(line)
        if _is_short(line) and plain in names:
            inside = True
            gone.append(line.strip(" :\u2022"))
        elif inside and _is_heading(line):
            inside = False
        if not inside:
            kept.append(line)
    return kept, gone


def _cut_between_entries(text: str, room: int) -> str:
    """The beginning of the text, up to where a job or a section ends."""
    lines = text.split("\n")
    length, best = 0, 0
    for i, line in enumerate(lines):
        if length > room:
            break
        if i and _begins_entry(lines, i):
            best = length
        length += len(line) + 1
    return text[:best].rstrip() if best >= _WORTH * room else cut(text, room)


def _begins_entry(lines: list[str], i: int) -> bool:
    """Whether a heading stands here, or the first line of an entry: one with a year within its first three lines."""
    if _is_heading(lines[i]):
        return True
    if not lines[i] or lines[i].startswith("\u2022"):
        return False
    if lines[i - 1]:
        return (
            bool(_YEARS.search(lines[i]))
            and _is_short(lines[i], 3 * _HEADING_LENGTH)
            and lines[i - 1].startswith("\u2022")
        )
    head = lines[i : i + 3]
    return any(_YEARS.search(line) for line in (head[: head.index("")] if "" in head else head))


def _is_heading(line: str) -> bool:
    plain = _plain(line)
    if not _is_short(line) or not plain:
        return False
    words = plain.split()
    return (
        any(plain in names for names in _LEAST_TELLING)
        or words[0] in _OTHERS
        or (words[-1] in _OTHERS and len(words) < _HEADING_WORDS - 1)
    )


def _is_short(line: str, length: int = _HEADING_LENGTH) -> bool:
    return 0 < len(line) <= length and len(line.split()) <= (_HEADING_WORDS if length == _HEADING_LENGTH else length)


def _plain(line: str) -> str:
    letters = unicodedata.normalize("NFD", line.casefold()).replace("&", "and").replace("\u2019", "'")
    return " ".join(re.sub(r"[^\w' ]", "", "".join(c for c in letters if unicodedata.category(c) != "Mn")).split())
