"""What a parser gives back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document's text, not yet cleaned. `scanned`: it is made of pictures, and `text` at best a scrap of it."""

    text: str
    pages: int
    pages_read: int
    scanned: bool = False
