"""Names of objects, `{session_id}/cv.pdf`: one rule for all files, so that none takes what another refuses."""

from interview.errors import Invalid

_PART_BYTES = 200
_NAME_BYTES = 800


def checked(name: str) -> str:
    """The name itself if it is one: printable parts between single slashes, none hidden by a dot. Raises Invalid."""
    if not all(_good(part) for part in name.split("/")) or len(name.encode()) > _NAME_BYTES:
        raise Invalid("That can't be the name of a file.", field="name")
    return name


def checked_prefix(prefix: str) -> str:
    """The prefix itself if names can begin with it. The empty one is refused: nothing here deletes everything."""
    checked(prefix.removesuffix("/"))
    return prefix


def _good(part: str) -> bool:
    # What is printable can be encoded, and is never a control character.
    return (
        part != ""
        and part.isprintable()
        and not part.startswith(".")
        and "\\" not in part
        and len(part.encode()) <= _PART_BYTES
    )
