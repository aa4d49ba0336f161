"""Files in which a CV is somewhere else than in the page's own text, or nowhere."""
# ruff: noqa: E501 - sample texts and operators

import pytest

from interview.cv import ReadScan, read_cv
from interview.cv.pdf import read_pdf
from interview.errors import ModelSilent, UnreadableCv
from tests.interview.cv.raw import document, line, stream
from tests.interview.cv.reading import rows, text_of_pdf
from tests.interview.cv.test_outcomes import pages

FONT = "/Resources << /Font << /F 3 0 R >> >>"
LABELS = f"{line('Name', y=700)} {line('Employer', y=670)} {line('Knows Python', y=640)}"


def field(entries: str, y: float, looks: str = "") -> bytes:
    return f"<< /Type /Annot /Subtype /Widget /Rect [150 {y - 5} 400 {y + 12}] /F 4 {entries} {looks} >>".encode()


def form(*fields: bytes, more: list[bytes] | None = None, xfa: str = "", labels: str = LABELS) -> bytes:
    numbers = " ".join(f"{6 + i} 0 R" for i in range(len(fields)))
    return document(
        labels,
        objects=[*fields, *(more or [])],
        catalog=f"/AcroForm << /Fields [{numbers}] {xfa} >>",
        page=f"/Annots [{numbers}]",
    )


def test_filled_fields_stand_beside_their_labels() -> None:
    data = form(
        field("/FT /Tx /T (name) /V (Ada Lovelace)", 700),
        field("/FT /Ch /T (employer) /V (b) /Opt [[(a) (Looms)] [(b) (Analytical Engines)]]", 670),
        field("/FT /Btn /T (python) /AS /Yes", 640),
    )
    assert rows(text_of_pdf(data)) == ["Name Ada Lovelace", "Employer Analytical Engines", "Knows Python [x]"]


def test_field_that_is_drawn_is_read_once() -> None:
    drawing = stream(
        "BT /F 10 Tf 2 4 Td (Ada Lovelace) Tj ET", f"/Type /XObject /Subtype /Form /BBox [0 0 250 17] {FONT}"
    )
    data = form(
        field("/FT /Tx /T (name) /V (Ada Lovelace)", 700, "/AP << /N 8 0 R >>"),
        field("/FT /Tx /T (employer) /V (Analytical Engines)", 670),
        more=[drawing],
    )
    assert rows(text_of_pdf(data)) == ["Name Ada Lovelace", "Employer Analytical Engines", "Knows Python"]


@pytest.mark.parametrize(
    "entries", ["/FT /Tx /V (secret) /F 2", "/FT /Tx /V (secret) /F 32", "/FT /Tx /Ff 8192 /V (secret)"]
)
def test_field_that_nobody_sees_is_not_read(entries: str) -> None:
    hidden = f"<< /Type /Annot /Subtype /Widget /Rect [150 695 400 712] {entries} >>".encode()
    assert rows(text_of_pdf(form(hidden))) == ["Name", "Employer", "Knows Python"]


def test_note_written_across_the_page_is_read_and_a_comment_is_not() -> None:
    drawing = stream(
        "BT /F 10 Tf 2 4 Td (Updated in May) Tj ET", f"/Type /XObject /Subtype /Form /BBox [0 0 250 17] {FONT}"
    )
    data = form(
        b"<< /Type /Annot /Subtype /FreeText /Rect [50 600 300 617] /F 4 /AP << /N 8 0 R >> >>",
        b"<< /Type /Annot /Subtype /Text /Rect [50 500 70 520] /Contents (Too long) >>",
        more=[drawing],
    )
    assert rows(text_of_pdf(data)) == ["Name", "Employer", "Knows Python", "Updated in May"]


XFA = (
    "<xfa:datasets xmlns:xfa='http://www.xfa.org/schema/xfa-data/1.0/'><xfa:data><form1><FullName>Ada Lovelace</FullName>"
    "<Job><Title>Engineer</Title><From>2019</From></Job></form1></xfa:data></xfa:datasets>"
)


def test_data_of_a_form_that_only_adobe_shows() -> None:
    shell = line("Please wait... If this message is not eventually replaced, your PDF viewer can't show it.")
    data = document(
        shell, objects=[stream(XFA)], catalog="/AcroForm << /Fields [] /XFA [(datasets) 6 0 R] >> /NeedsRendering true"
    )
    assert rows(text_of_pdf(data)) == ["Full Name: Ada Lovelace", "Title: Engineer", "From: 2019"]


def portfolio(**files: bytes) -> bytes:
    objects: list[bytes] = []
    names = ""
    for name, data in files.items():
        filename = name.replace("__", ".")
        objects.append(stream(data, "/Type /EmbeddedFile"))
        objects.append(f"<< /Type /Filespec /F ({filename}) /EF << /F {5 + len(objects)} 0 R >> >>".encode())
        names += f"({filename}) {5 + len(objects)} 0 R "
    cover = line("For the best experience, open this PDF portfolio in Acrobat.")
    return document(
        cover, objects=objects, catalog=f"/Collection << >> /Names << /EmbeddedFiles << /Names [{names}] >> >>"
    )


def test_pdf_in_a_portfolio_is_read() -> None:
    assert text_of_pdf(portfolio(letter__docx=b"x", cv__pdf=pages("Ada Lovelace"))) == "Ada Lovelace"


async def test_portfolio_of_several_files_is_refused_by_their_names() -> None:
    with pytest.raises(UnreadableCv) as caught:
        await read_cv(portfolio(cv__pdf=pages("Ada"), letter__pdf=pages("Dear")), "cv.pdf")
    assert caught.value.code == "cv_wrong_type"
    assert "cv.pdf, letter.pdf" in caught.value.detail


PROSE = [
    "Designed a scheduler that runs forty thousand jobs a day and found conflicts before they began.",
    "Rewrote the pipeline that feeds all reports of the company and taught six colleagues to keep it.",
    "Cut the cost of storing office files by a third within a year, and wrote down how it was done.",
]
TEXT_PAGE = " ".join(line(text, y=700 - 14 * i) for i, text in enumerate(PROSE))
SCANNED_PAGE = "q 595 0 0 842 0 0 cm /P Do Q"
STAMP = f"{SCANNED_PAGE} {line('Received on 12 March 2024 by the office of human resources, no. 4711', y=30)}"
OUTLINED = " ".join(
    f"{x} {y} m {x + 3} {y + 5} {x + 4} {y} {x + 6} {y + 7} c f"
    for x in range(50, 500, 10)
    for y in range(500, 600, 10)
)
FOOTED = f"{OUTLINED} {line('Ada Lovelace - page 1', y=30)}"
SHIFTED = " ".join(
    line("".join(chr((ord(c) - 97 + 3) % 26 + 97) if c.islower() else c for c in text), y=700 - 14 * i)
    for i, text in enumerate(PROSE)
)
SYMBOLS = " ".join(
    line("".join(chr(33 + ord(c) % 14) if c.isalpha() else c for c in text), y=700 - 14 * i)
    for i, text in enumerate(PROSE)
)


@pytest.mark.parametrize(
    "page", [SCANNED_PAGE, STAMP, FOOTED, SHIFTED, SYMBOLS], ids=["scan", "stamp", "outlines", "shifted", "symbols"]
)
async def test_page_without_text_of_its_own_is_no_cv(page: str) -> None:
    with pytest.raises(UnreadableCv) as caught:
        await read_cv(document(page), "cv.pdf")
    assert caught.value.code == "cv_scanned"


@pytest.mark.parametrize(
    ("page", "warning"),
    [
        (STAMP, "Page 2 is a picture, whose text could not be read."),
        (FOOTED, "Page 2 is drawn in shapes, whose text could not be read."),
        (SHIFTED, "Page 2 is in a font that does not tell its letters, and could not be read."),
    ],
)
async def test_page_that_can_not_be_read_is_named(page: str, warning: str) -> None:
    cv = await read_cv(document(TEXT_PAGE, page), "cv.pdf")
    assert cv.warnings == (warning,)
    assert PROSE[0] in cv.text
    assert "Ghvljqhg" not in cv.text


async def test_only_the_pages_without_text_go_to_the_model() -> None:
    sent: list[bytes] = []

    async def read_scan(data: bytes, media_type: str = "application/pdf", /) -> str:
        assert media_type == "application/pdf"
        sent.append(data)
        return "Education\nMathematics, University of London"

    cv = await read_cv(document(TEXT_PAGE, STAMP, SCANNED_PAGE, TEXT_PAGE), "cv.pdf", read_scan=read_scan)
    (data,) = sent
    assert read_pdf(data, pages=10, most_pages=50).pages == 2
    assert cv.text.index(PROSE[0]) < cv.text.index("Mathematics") < cv.text.rindex(PROSE[0])
    assert "Received on" not in cv.text
    assert cv.warnings == ("Pages 2 and 3 are read from the picture of the page, which may have mistakes in it.",)


async def test_model_that_fails_on_a_page_leaves_the_rest() -> None:
    async def read_scan(_: bytes, media_type: str = "", /) -> str:
        raise ModelSilent("No answer.")

    cv = await read_cv(document(TEXT_PAGE, SCANNED_PAGE), "cv.pdf", read_scan=read_scan)
    assert PROSE[0] in cv.text
    assert cv.warnings == ("Page 2 is a picture, whose text could not be read.",)


async def test_of_a_long_scan_only_the_pages_that_are_read_go_to_the_model() -> None:
    sent: list[bytes] = []

    async def read_scan(data: bytes, media_type: str = "application/pdf", /) -> str:
        sent.append(data)
        return "Ada Lovelace"

    cv = await read_cv(document(*[SCANNED_PAGE] * 12), "cv.pdf", read_scan=read_scan)
    assert read_pdf(sent[0], pages=50, most_pages=50).pages == 10
    assert cv.warnings[1] == "Only 10 of the 12 pages of your CV were read."


@pytest.mark.parametrize(
    "page", [TEXT_PAGE, f"q 300 0 0 300 100 100 cm /P Do Q {TEXT_PAGE}", f"{OUTLINED} {TEXT_PAGE}"]
)
async def test_designed_page_with_text_is_read_without_a_warning(page: str) -> None:
    async def unwanted(_: bytes, media_type: str = "", /) -> str:
        raise AssertionError

    reading: ReadScan = unwanted
    assert (await read_cv(document(page), "cv.pdf", read_scan=reading)).warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "Entwicklung eines Systems zur Verarbeitung von Bestellungen; Leitung von sechs Mitarbeitern in zwei Werken",
        "Rozw\u00f3j oprogramowania do obs\u0142ugi zam\u00f3wie\u0144 oraz szkolenie zespo\u0142u w\u0142asnych pracownik\u00f3w",
        "Tilausten k\u00e4sittelyj\u00e4rjestelm\u00e4n kehitt\u00e4minen ja kuuden hengen ty\u00f6ryhm\u00e4n johtaminen kahdessa tehtaassa",
        "Vyvinul syst\u00e9m pro zpracov\u00e1n\u00ed objedn\u00e1vek a vedl \u0161estn\u00e1ct zam\u011bstnanc\u016f ve dvou z\u00e1vodech",
        "Python ......................... 5 of 5 \u25cf \u25cf \u25cf \u25cf \u25cb Rust ................................ 3 of 5",
        "kubernetes terraform docker postgres mysql nginx graphql typescript javascript html css grpc kafka spark",
        "Ph\u00e1t tri\u1ec3n h\u1ec7 th\u1ed1ng x\u1eed l\u00fd \u0111\u01a1n h\u00e0ng v\u00e0 \u0111\u00e0o t\u1ea1o nh\u00e2n vi\u00ean trong hai nh\u00e0 m\u00e1y l\u1edbn",
    ],
)  # fmt: skip
def test_text_of_any_language_is_legible(text: str) -> None:
    from interview.cv.quality import legible

    assert legible("\n".join([text] * 4))


WHOLE = document(TEXT_PAGE)
TABLE, TRAILER, START = WHOLE.index(b"xref\n0"), WHOLE.index(b"trailer"), WHOLE.rindex(b"startxref")


@pytest.mark.parametrize(
    "data",
    [
        WHOLE[:TABLE],
        WHOLE[: TABLE + 60],
        WHOLE[:START],
        WHOLE[:START] + b"startxref\n9\n%%EOF",
        WHOLE[:TABLE] + WHOLE[TRAILER:],
    ],
    ids=["no-table", "half-a-table", "no-start", "wrong-start", "trailer-alone"],
)
def test_pdf_whose_table_of_objects_is_broken_is_mended(data: bytes) -> None:
    assert PROSE[0] in text_of_pdf(data)


def test_links_are_named_once_where_the_text_does_not_name_them() -> None:
    def link(target: str) -> str:
        return f"<< /Type /Annot /Subtype /Link /Rect [50 690 100 710] /A << /S /URI /URI ({target}) >> >>"

    targets = ["https://www.code.example/ada/", "https://code.example/ada", "mailto:ada@x.org", "javascript:alert(1)"]
    data = document(line("My code and ada@x.org"), page=f"/Annots [{' '.join(map(link, targets))}]")
    assert read_pdf(data, pages=1, most_pages=1).links == ("code.example/ada",)


def test_header_of_every_page_is_read_once() -> None:
    made = document(*[f"{line('Ada Lovelace, ada@x.org', y=815)} {line(f'Content of page {i}')}" for i in (1, 2, 3)])
    assert text_of_pdf(made).count("ada@x.org") == 1
