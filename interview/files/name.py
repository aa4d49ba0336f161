"""Names of objects, `{session_id}/cv.pdf`. All implementations accept the same names."""

from interview.errors import Invalid

_PART_BYTES = 200
_NAME_BYTES = 800


def checked(name: str) -> str:
    """The name, if it is valid: printable parts between single slashes, none starting with a dot. Raises Invalid."""
    if not all(_good(part) for part in name.split("/")) or len(name.encode()) > _NAME_BYTES:
        raise Invalid("This is not a valid file name.", field="name")
    return name


def checked_prefix(prefix: str) -> str:
    """The prefix, if valid names can start with it. An empty prefix is refused: it would mean all files."""
    checked(prefix.removesuffix("/"))
    return prefix


def _good(part: str) -> bool:
    # Printable text can be encoded and has no control characters.
    return (
        part != ""
        and part.isprintable()
        and not part.startswith(".")
        and "\\" not in part
        and len(part.encode()) <= _PART_BYTES
    )
