"""What a document that is a zip may unfold to, and the pictures in it. Runs in the worker."""

import io
import zipfile

from interview.cv.kind import picture_of
from interview.errors import UnreadableCv

# Pictures of a document that are taken out: each is a call of the model.
_MOST_PICTURES = 3

# In members and bytes. The file itself has at most 10 MB.
_MOST_MEMBERS = 3000
_MOST_BYTES = 150 * 1024 * 1024
_MOST_XML_BYTES = 30 * 1024 * 1024


def check_archive(archive: zipfile.ZipFile) -> None:
    """Raise UnreadableCv (cv_too_complex) for an archive of far more than a CV.

    This is before anything is unfolded: a member can't have more bytes than it declares.
    """
    members = archive.infolist()
    xml = [member.file_size for member in members if member.filename.endswith((".xml", ".rels"))]
    large = sum(member.file_size for member in members) > _MOST_BYTES or max(xml, default=0) > _MOST_XML_BYTES
    if len(members) > _MOST_MEMBERS or large:
        raise UnreadableCv(
            "This document unfolds to far more than a CV holds. Please save it as a PDF and upload that.",
            code="cv_too_complex",
        )


def pictures_of(data: bytes) -> tuple[list[bytes], int]:
    """The largest pictures of a DOCX or ODT that a model can read, in the document's order, and how many there are.

    A page that was scanned is larger than a logo. Raises UnreadableCv (cv_too_complex).
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        check_archive(archive)
        names = [name for name in archive.namelist() if name.startswith(("word/media/", "Pictures/"))]
        found = {name: archive.read(name) for name in names}
    readable = [name for name in found if picture_of(found[name])]
    largest = sorted(readable, key=lambda name: len(found[name]), reverse=True)[:_MOST_PICTURES]
    # By length first: image2 is before image10.
    return [found[name] for name in sorted(largest, key=lambda name: (len(name), name))], len(readable)
