"""The text of a Word document in reading order. Runs in the worker: what it is given may be hostile.

python-docx opens the package; the text is walked here, since it skips text boxes, content controls and the like. Names
are compared without their namespace: transitional and strict documents differ in nothing else that matters.
"""

import io
import re
import zipfile
from collections.abc import Iterator

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from docx.package import Package

from interview.cv.kind import wrong_type
from interview.cv.parsed import Parsed
from interview.cv.story import Element, read_story
from interview.errors import UnreadableCv

# What a document may unfold to, in members and bytes. Its file has at most 10 MB.
_MOST_MEMBERS = 3000
_MOST_BYTES = 150 * 1024 * 1024
_MOST_XML_BYTES = 30 * 1024 * 1024
_SIZES = re.compile(rb"<Pages>(\d{1,4})</Pages>")

# Other kinds of files that are zips too, by a member's name.
_OTHERS: tuple[tuple[str, str], ...] = (
    ("xl/", "an Excel workbook (XLSX)"),
    ("ppt/", "a PowerPoint presentation (PPTX)"),
    ("Index/Document.iwa", "a Pages document"),
    ("META-INF/container.xml", "an e-book (EPUB)"),
    ("AndroidManifest.xml", "a program"),
)


def read_docx(data: bytes) -> Parsed:
    """Read a DOCX; one without any text but with pictures comes back as `scanned`.

    Raises UnreadableCv: cv_wrong_type for another kind of zip, cv_damaged, cv_too_complex for one that unfolds to far
    more than a CV.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check(archive, members)
        package = Package.open(io.BytesIO(data))
        main = _main_part(package)
        stories = [read_story(_xml(part)) for part in _stories(main)]
        pages = _pages(package)
    except (UnreadableCv, MemoryError, RecursionError):
        raise
    except Exception as error:  # what zip, XML and package readers raise on a broken file is of many types
        raise _damaged() from error
    text = "\n\n".join(story for story in stories if story)
    pictures = any(member.filename.startswith("word/media/") for member in members)
    return Parsed(text, pages=pages, pages_read=pages, scanned=pictures and not any(c.isalnum() for c in text))


def _check(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """The type and the size, before anything is unfolded. A member can't give more bytes than it declares."""
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _MOST_BYTES:
        raise _too_complex()
    if any(m.file_size > _MOST_XML_BYTES for m in members if m.filename.endswith((".xml", ".rels"))):
        raise _too_complex()
    names = {member.filename for member in members}
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return
    if "mimetype" in names:
        with archive.open("mimetype") as member:
            kind = member.read(100)
        if kind.startswith(b"application/vnd.oasis.opendocument"):
            what = "an OpenDocument text (ODT)" if kind.strip().endswith(b".text") else "an OpenDocument file"
            raise wrong_type(what, "Please open it, save it as a PDF or a DOCX, and upload that.")
    for name, what in _OTHERS:
        if any(other.startswith(name) for other in names):
            raise wrong_type(what)
    raise wrong_type("a zip archive")


def _main_part(package: Package) -> Part:
    for relation in package.rels.values():
        # The last part of the type is the same in transitional and strict documents.
        if relation.reltype.rsplit("/", 1)[-1] == RELATIONSHIP_TYPE.OFFICE_DOCUMENT.rsplit("/", 1)[-1]:
            part: Part = relation.target_part
            return part
    raise _damaged()


def _stories(main: Part) -> Iterator[Part]:
    """Headers, the body, footers; each part once, however many sections use it."""
    related: dict[str, list[Part]] = {}
    for relation in main.rels.values():
        if not relation.is_external:
            related.setdefault(relation.reltype.rsplit("/", 1)[-1], []).append(relation.target_part)
    yield from related.get("header", ())
    yield main
    yield from related.get("footer", ())


def _xml(part: Part) -> Element:
    # This parser leaves entities folded and reads nothing from elsewhere.
    return parse_xml(part.blob)


def _pages(package: Package) -> int:
    """How many pages Word counted when it last saved the file; 1 if it did not say."""
    for part in package.iter_parts():
        if str(part.partname) == "/docProps/app.xml":
            found = _SIZES.search(part.blob)
            return max(1, int(found[1])) if found else 1
    return 1


def _damaged() -> UnreadableCv:
    return UnreadableCv(
        "This Word document is damaged and can't be read. Please save it again, or upload your CV as a PDF.",
        code="cv_damaged",
    )


def _too_complex() -> UnreadableCv:
    return UnreadableCv(
        "This Word document unfolds to far more than a CV holds. Please save it as a PDF and upload that.",
        code="cv_too_complex",
    )
