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
from lxml import html

from interview.cv.archive import check_archive
from interview.cv.kind import decode, wrong_type
from interview.cv.parsed import Parsed, Unreadable
from interview.cv.rtf import read_rtf
from interview.cv.story import Story
from interview.cv.wordstyles import Element, Styles, tag
from interview.errors import UnreadableCv

_DEEPEST = 2
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
    return _read(data, depth=0)


def _read(data: bytes, *, depth: int) -> Parsed:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check(archive, members)
        package = Package.open(io.BytesIO(data))
        main = _main_part(package)
        roots = [_xml(part) for part in _stories(main)]
        reader = Story(
            Styles(_styles(main)),
            lambda relation: _embedded(main, relation, depth),
            backed=any(map(_has_shapes, roots)),
        )
        stories = [reader.read(root) for root in roots]
        pages = _pages(package)
    except (UnreadableCv, MemoryError, RecursionError):
        raise
    except Exception as error:  # what zip, XML and package readers raise on a broken file is of many types
        raise _damaged() from error
    text = "\n\n".join(story for story in stories if story)
    pictures = any(member.filename.startswith("word/media/") for member in members)
    bare = pictures and not any(c.isalnum() for c in text)
    return Parsed(
        (text,),
        pages=pages,
        hidden_words=reader.hidden_words,
        unreadable=(Unreadable(1, "picture"),) if bare else (),
    )


def _styles(main: Part) -> Element | None:
    for relation in main.rels.values():
        if not relation.is_external and relation.reltype.rsplit("/", 1)[-1] == "styles":
            return _xml(relation.target_part)
    return None


def _has_shapes(root: Element) -> bool:
    """Whether drawings float over or behind the text, or the page itself has a colour."""
    return any(tag(element) in ("anchor", "rect", "background") for element in root.iter())


def _embedded(main: Part, relation: str, depth: int) -> str:
    """The text of a whole file inside the document, which Word shows as a part of it (`altChunk`)."""
    part = main.rels[relation].target_part if relation in main.rels else None
    if part is None or depth >= _DEEPEST:
        return ""
    data, kind = part.blob, str(part.content_type)
    if "html" in kind or re.match(rb"\s*<(!doctype html|html)", data[:1000], re.IGNORECASE):
        return _html(data)
    if "rtf" in kind or data.startswith(b"{\\rtf"):
        return read_rtf(data).text
    if data.startswith(b"PK"):
        return _read(data, depth=depth + 1).text
    return decode(data) or ""


def _html(data: bytes) -> str:
    root = html.fromstring(data, parser=html.HTMLParser(no_network=True))
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "head", "title"):
            element.text = ""
        elif element.tag in ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table"):
            element.tail = "\n" + (element.tail or "")
            element.text = ("\u2022 " if element.tag == "li" else "") + (element.text or "")
    return str(root.text_content())


def _check(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """The type and the size, before anything is unfolded. A member can't have more bytes than it declares."""
    check_archive(archive)
    names = {member.filename for member in members}
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return
    if "mimetype" in names:
        with archive.open("mimetype") as member:
            kind = member.read(100)
        if kind.startswith(b"application/vnd.oasis.opendocument"):
            raise wrong_type("an OpenDocument file", "Please open it, save it as a PDF or a DOCX, and upload that.")
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
