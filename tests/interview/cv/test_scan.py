"""What a text model reads, now, later or never."""

import io
import zipfile

import docx
import pytest
from PIL import Image

from interview.cv import corrected, read_cv
from interview.errors import ModelSilent, UnreadableCv
from tests.interview.cv.raw import document
from tests.interview.cv.test_shells import PROSE, SCANNED_PAGE, TEXT_PAGE


def picture(width: int, kind: str = "PNG") -> bytes:
    """Noise, so that a wider one has more bytes."""
    out = io.BytesIO()
    Image.effect_noise((width, 40), 100).convert("RGB").save(out, kind)
    return out.getvalue()


def word(*pictures: bytes) -> bytes:
    made = docx.Document()
    for each in pictures:
        made.add_picture(io.BytesIO(each))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def odt(*pictures: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            '<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"><o:body><o:text/></o:body>'
            "</o:document-content>",
        )
        for number, each in enumerate(pictures):
            archive.writestr(f"Pictures/{number}.png", each)
    return out.getvalue()


class Model:
    """Reads pictures: those it has a text for."""

    def __init__(self, texts: dict[bytes, str]) -> None:
        self.texts = texts
        self.types: list[str] = []

    async def __call__(self, data: bytes, media_type: str = "application/pdf", /) -> str:
        self.types.append(media_type)
        return self.texts.get(data, "")


LOGO, FIRST, SECOND = picture(30), picture(200), picture(210, "JPEG")
SCAN_READ = "Your CV is a scan; it was read from the picture, which may have mistakes in it."


@pytest.mark.parametrize("make", [word, odt])
async def test_a_document_of_pictures_is_read_by_the_model(make: object) -> None:
    assert callable(make)
    model = Model({FIRST: "Ada Lovelace", SECOND: "Analyst"})
    cv = await read_cv(make(LOGO, FIRST, SECOND), "cv", read_scan=model)
    assert (cv.text, cv.warnings) == ("Ada Lovelace\n\nAnalyst", (SCAN_READ,))
    assert sorted(model.types) == ["image/jpeg", "image/png", "image/png"]


async def test_of_many_pictures_the_largest_are_read_in_their_order() -> None:
    pages = [picture(width) for width in (100, 300, 200, 250, 150)]
    model = Model({page: f"Page {number}" for number, page in enumerate(pages, 1)})
    cv = await read_cv(word(*pages), "cv", read_scan=model)
    assert cv.text == "Page 2\n\nPage 3\n\nPage 4"
    assert cv.warnings == (SCAN_READ, "Only 3 of the 5 pictures in your CV are read.")


@pytest.mark.parametrize("make", [word, odt])
async def test_without_a_model_a_document_of_pictures_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(UnreadableCv) as caught:
        await read_cv(make(FIRST), "cv")
    assert caught.value.code == "cv_scanned"
    assert caught.value.detail.startswith("This document holds only a picture, without text in it. Please upload")


@pytest.mark.parametrize("scans", [Model({}), "later"])
async def test_pictures_that_no_model_reads_are_refused(scans: object) -> None:
    drawing = b"\x01\0\0\0" + bytes(84)  # EMF
    with pytest.raises(UnreadableCv, match="of a kind that can't be read"):
        await read_cv(odt(drawing), "cv", read_scan=scans)  # type: ignore[arg-type]


@pytest.mark.parametrize("texts", [{}, {LOGO: " "}])
async def test_pictures_without_any_text_are_refused(texts: dict[bytes, str]) -> None:
    with pytest.raises(UnreadableCv, match="no text could be found"):
        await read_cv(word(LOGO, FIRST), "cv", read_scan=Model(texts))


async def test_a_model_that_fails_on_a_document_of_pictures() -> None:
    async def silent(_: bytes, media_type: str = "", /) -> str:
        raise ModelSilent("No answer.")

    with pytest.raises(UnreadableCv, match="reading it from the picture did not work"):
        await read_cv(word(FIRST), "cv", read_scan=silent)


@pytest.mark.parametrize(
    ("data", "pages", "warning"),
    [
        (FIRST, 1, "Your CV is a picture: its text will be read when the interview starts."),
        (document(SCANNED_PAGE), 1, "Your CV is a scan: its text will be read when the interview starts."),
        (word(FIRST), 1, "Your CV is a scan: its text will be read when the interview starts."),
    ],
    ids=["picture", "pdf", "docx"],
)
async def test_what_is_read_later_is_named_and_has_no_text_yet(data: bytes, pages: int, warning: str) -> None:
    cv = await read_cv(data, "cv", read_scan="later")
    assert (cv.text, cv.characters, cv.pages, cv.warnings) == ("", 0, pages, (warning,))


async def test_of_a_long_scan_the_pages_that_will_be_read_are_named() -> None:
    cv = await read_cv(document(*[SCANNED_PAGE] * 12), "cv.pdf", read_scan="later")
    assert cv.warnings[1] == "Only 10 of the 12 pages of your CV were read."


async def test_pages_that_are_read_later_are_named_beside_the_text_of_the_others() -> None:
    cv = await read_cv(document(TEXT_PAGE, SCANNED_PAGE), "cv.pdf", read_scan="later")
    assert PROSE[0] in cv.text
    assert cv.warnings == ("Page 2 is to be read from the picture of the page when the interview starts.",)
    # What the candidate makes of it is what the interviewer has: no page is left to be read.
    assert corrected(cv, "Ada").warnings == ()
