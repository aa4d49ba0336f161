"""The text of Word documents, wherever Word may put it."""

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from interview.cv.docx import read_docx
from tests.interview.cv.reading import rows, text_of_docx

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def body(xml: str) -> bytes:
    """A document whose body is made of this."""
    document = docx.Document()
    element = document.element.body
    for child in parse_xml(f"<w:body {SPACES}>{xml}</w:body>"):
        element.insert(len(element) - 1, child)
    return saved(document)


def p(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def cell(*paragraphs: str) -> str:
    return f"<w:tc>{''.join(paragraphs)}</w:tc>"


def table(*table_rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in table_rows)}</w:tbl>"


def box(*paragraphs: str) -> str:
    """A text box as Word writes it: once for itself, and again for programs that know only the older way."""
    content = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent>"
        f"<mc:Choice Requires='wps'><w:drawing><wps:txbx>{content}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def test_paragraphs_tabs_and_breaks() -> None:
    data = body(
        p(r("Analytical Engines") + "<w:r><w:tab/></w:r>" + r("2019") + "<w:r><w:noBreakHyphen/></w:r>" + r("2021"))
        + p(r("One") + "<w:r><w:br/></w:r>" + r("two"))
    )
    assert text_of_docx(data) == "Analytical Engines 2019-2021\nOne\ntwo"


def test_runs_of_one_word_are_one_word() -> None:
    assert text_of_docx(body(p(r("Kuber") + r("netes") + r(" and ") + r("Rust")))) == "Kubernetes and Rust"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda inner: f"<w:sdt><w:sdtPr><w:alias w:val='Name'/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>",
        lambda inner: f"<w:customXml>{inner}</w:customXml>",
        lambda inner: f"<w:ins w:id='1' w:author='a'>{inner}</w:ins>",
        lambda inner: f"<w:hyperlink>{inner}</w:hyperlink>",
        lambda inner: f"<w:smartTag>{inner}</w:smartTag>",
        lambda inner: f"<w:fldSimple w:instr='REF x'>{inner}</w:fldSimple>",
    ],
)
def test_wrapped_text_is_read(wrap: Callable[[str], str]) -> None:
    assert text_of_docx(body(p(r("Before ") + wrap(r("inside")) + r(" after")))) == "Before inside after"


def test_content_control_around_paragraphs_and_tables() -> None:
    inner = p(r("Ada")) + table(cell(p(r("Skill"))) + cell(p(r("Rust"))))
    data = body(p(r("First")) + f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>" + p(r("Last")))
    assert rows(text_of_docx(data)) == ["First", "Ada", "Skill | Rust", "Last"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<w:del w:id='1' w:author='a'><w:r><w:delText>gone</w:delText></w:r></w:del>",
        "<w:moveFrom w:id='1' w:author='a'><w:r><w:t>gone</w:t></w:r></w:moveFrom>",
        "<w:r><w:instrText>HYPERLINK gone</w:instrText></w:r>",
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>gone</w:t></w:r>",
    ],
)
def test_what_is_not_shown_is_not_read(hidden: str) -> None:
    assert text_of_docx(body(p(r("kept") + hidden))) == "kept"


@pytest.mark.parametrize(
    "mark", ["<w:webHidden/>", "<w:vanish w:val='0'/>", "<w:color w:val='auto'/>", "<w:sz w:val='8'/>"]
)
def test_what_is_shown_after_all_is_read(mark: str) -> None:
    assert text_of_docx(body(p(r("kept") + r(" too", mark)))) == "kept too"


def test_text_box_counts_once_and_stands_where_it_is_anchored() -> None:
    data = body(p(r("First")) + p(r("Anchor") + box(p(r("In the box")), p(r("and below")))) + p(r("Last")))
    assert rows(text_of_docx(data)) == ["First", "Anchor", "In the box", "and below", "Last"]


def test_text_box_that_only_the_older_way_holds() -> None:
    older = (
        "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
        + p(r("Old box"))
        + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    assert text_of_docx(body(p(older))) == "Old box"


def test_rows_of_a_table_stay_rows() -> None:
    data = body(
        table(cell(p(r("Python"))) + cell(p(r("Expert"))), cell(p(r("Rust"))) + cell(p("")) + cell(p(r("Good"))))
    )
    assert rows(text_of_docx(data)) == ["Python | Expert", "Rust | Good"]


def test_date_beside_an_entry_of_several_lines() -> None:
    data = body(table(cell(p(r("2019-2021"))) + cell(p(r("Engineer")), p(r("Designed things")))))
    assert rows(text_of_docx(data)) == ["2019-2021 | Engineer", "Designed things"]


def test_columns_of_a_layout_are_read_one_after_the_other() -> None:
    inner = table(cell(p(r("Inner"))) + cell(p(r("table"))))
    data = body(
        table(cell(p(r("Skills")), p(r("Python")), p(r("Rust"))) + cell(p(r("Experience")), p(r("Engineer")), inner))
    )
    assert rows(text_of_docx(data)) == ["Skills", "Python", "Rust", "Experience", "Engineer", "Inner | table"]


def test_lists_have_bullets() -> None:
    document = docx.Document()
    document.add_paragraph("Designed things", style="List Bullet")
    document.add_paragraph("Plain")
    numbered = document.add_paragraph("Built things")
    numbered.paragraph_format.element.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="1"/></w:numPr>')
    )
    assert text_of_docx(saved(document)) == "\u2022 Designed things\nPlain\n\u2022 Built things"


def test_headers_come_first_and_footers_last_each_once() -> None:
    document = docx.Document()
    document.add_paragraph("Body")
    document.sections[0].header.paragraphs[0].text = "Ada Lovelace, ada@example.org"
    document.sections[0].footer.paragraphs[0].text = "References on request"
    document.add_section()
    document.add_paragraph("Second section")
    assert rows(text_of_docx(saved(document))) == [
        "Ada Lovelace, ada@example.org", "Body", "Second section", "References on request",
    ]  # fmt: skip


def test_strict_document_is_read() -> None:
    """ISO's strict variety has other namespaces and types of relations."""
    pairs = (
        (
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body(p(r("Strictly Ada"))))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            for loose, strict in pairs:
                data = data.replace(loose, strict)
            new.writestr(name, data)
    assert text_of_docx(out.getvalue()) == "Strictly Ada"


def test_pages_are_those_that_word_counted() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body(p(r("Ada"))))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(
                name, data.replace(b"<Pages>1</Pages>", b"<Pages>3</Pages>") if name == "docProps/app.xml" else data
            )
    assert read_docx(out.getvalue()).pages == 3


def test_picture_alone_is_a_scan() -> None:
    out = io.BytesIO(body(p("")))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/media/image1.png", b"\x89PNG")
    assert read_docx(out.getvalue()).scanned
