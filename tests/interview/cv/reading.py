"""How the tests read a document in this process, without the worker around it."""

from interview.cv.docx import read_docx
from interview.cv.pdf import read_pdf
from interview.cv.text import clean, join_hyphens


def text_of_pdf(data: bytes) -> str:
    return clean(join_hyphens(clean(read_pdf(data, pages=10, most_pages=50).text)))


def text_of_docx(data: bytes) -> str:
    return clean(read_docx(data).text)


def rows(text: str) -> list[str]:
    return [row for row in text.split("\n") if row]
