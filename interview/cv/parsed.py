"""What a parser returns."""

from dataclasses import dataclass
from typing import NamedTuple


class Unreadable(NamedTuple):
    """A page, counted from 1, that shows more than its text says: `picture`, `outlines` or `letters` (`quality`)."""

    page: int
    fault: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document's text, not yet cleaned: one text for each page that was read.

    `hidden_words` were left out, since people can't see them. `links` are targets that the text does not name.
    """

    texts: tuple[str, ...]
    pages: int
    hidden_words: int = 0
    unreadable: tuple[Unreadable, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it."""
        return "\n\n".join(self.texts)

    @property
    def pages_read(self) -> int:
        """How many pages were read, from the first on."""
        return len(self.texts)

    @property
    def scanned(self) -> bool:
        """Nothing of it is text: it is made of pictures, and `text` at best a scrap of it."""
        faulty = {page for page, _ in self.unreadable}
        return bool(faulty) and all(i in faulty or not text.strip() for i, text in enumerate(self.texts, 1))
