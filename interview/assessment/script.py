"""Scripts without spaces between words."""

import unicodedata

_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO ", "KHMER", "MYANMAR")


def is_unspaced(character: str) -> bool:
    """Whether the character belongs to a script without spaces between words."""
    return not character.isascii() and unicodedata.name(character, "").startswith(_UNSPACED)


def spaced_only(text: str) -> str:
    """The text with a space for each character of such a script, so that figures and Latin words stand apart."""
    return text if text.isascii() else "".join(" " if is_unspaced(c) else c for c in text)
