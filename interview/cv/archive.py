"""What a document that is a zip may unfold to."""

import zipfile

from interview.errors import UnreadableCv

# In members and bytes. The file itself has at most 10 MB.
_MOST_MEMBERS = 3000
_MOST_BYTES = 150 * 1024 * 1024
_MOST_XML_BYTES = 30 * 1024 * 1024


def check_archive(archive: zipfile.ZipFile) -> None:
    """Raise UnreadableCv (cv_too_complex) for an archive of far more than a CV.

    This is before anything is unfolded: a member can't give more bytes than it declares.
    """
    members = archive.infolist()
    xml = [member.file_size for member in members if member.filename.endswith((".xml", ".rels"))]
    large = sum(member.file_size for member in members) > _MOST_BYTES or max(xml, default=0) > _MOST_XML_BYTES
    if len(members) > _MOST_MEMBERS or large:
        raise UnreadableCv(
            "This document unfolds to far more than a CV holds. Please save it as a PDF and upload that.",
            code="cv_too_complex",
        )
