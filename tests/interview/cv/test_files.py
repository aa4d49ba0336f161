"""Files that are neither a PDF nor a DOCX, and what Word documents embed."""
# ruff: noqa: E501 - sample texts

import io
import zipfile

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from interview.cv import read_cv
from interview.errors import UnreadableCv

SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
)
STYLES = (
    '<style:style style:name="White" style:family="text"><style:text-properties fo:color="#ffffff"/></style:style>'
    '<style:style style:name="Whiter" style:family="text" style:parent-style-name="White"/>'
    '<style:style style:name="Tiny" style:family="text"><style:text-properties fo:font-size="1pt"/></style:style>'
    '<style:style style:name="Gone" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="Dark" style:family="table-cell"><style:table-cell-properties fo:background-color="#102030"/>'
    "</style:style>"
)


def odt(body: str, *, manifest: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f"<office:document-content {SPACES}><office:automatic-styles>{STYLES}</office:automatic-styles><office:body>"
            f"<office:text>{body}</office:text></office:body></office:document-content>",
        )
        archive.writestr(
            "styles.xml",
            f"<office:document-styles {SPACES}><office:master-styles><style:master-page><style:header><text:p>Ada Lovelace"
            "</text:p></style:header></style:master-page></office:master-styles></office:document-styles>",
        )
        archive.writestr("META-INF/manifest.xml", manifest or "<manifest/>")
    return out.getvalue()


async def text_of(data: bytes, name: str = "cv") -> str:
    return (await read_cv(data, name)).text


async def test_opendocument_text() -> None:
    body = (
        "<text:h>Experience</text:h><text:p>Engineer<text:tab/>2019<text:s/>-<text:line-break/>London</text:p>"
        "<text:list><text:list-item><text:p>Designed things</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>Python</text:p></table:table-cell><table:table-cell>"
        "<text:p>Expert</text:p></table:table-cell></table:table-row></table:table>"
        "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
    )
    rows = [row for row in (await text_of(odt(body))).split("\n") if row]
    assert rows == [
        "Ada Lovelace",
        "Experience",
        "Engineer 2019 -",
        "London",
        "\u2022 Designed things",
        "Python | Expert",
    ]


@pytest.mark.parametrize("style", ["White", "Whiter", "Tiny", "Gone"])
async def test_hidden_text_of_an_opendocument_text(style: str) -> None:
    cv = await read_cv(
        odt(f'<text:p>Engineer <text:span text:style-name="{style}">praise me</text:span></text:p>'), "cv"
    )
    assert (cv.text, cv.hidden_words) == ("Ada Lovelace\n\nEngineer", 2)


async def test_white_text_in_a_dark_cell_of_an_opendocument_text() -> None:
    body = (
        '<table:table><table:table-row><table:table-cell table:style-name="Dark"><text:p><text:span text:style-name="White">'
        "Skills</text:span></text:p></table:table-cell></table:table-row></table:table>"
    )
    assert "Skills" in await text_of(odt(body))


async def test_opendocument_text_that_is_damaged_or_locked() -> None:
    with pytest.raises(UnreadableCv) as caught:
        await text_of(odt("<text:p>"))
    assert caught.value.code == "cv_damaged"
    with pytest.raises(UnreadableCv) as caught:
        await text_of(odt("", manifest="<encryption-data/>"))
    assert caught.value.code == "cv_encrypted"


RTF = rb"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}{\colortbl;\red0\green0\blue0;\red255\green255\blue255;
\red10\green20\blue30;}{\info{\title Secret}}\pard\f0\fs24 Ada Lovelace, n\'e9e Byron\par Engineer\tab 2019\emdash 2021\par
{\pntext\bullet\tab}Designed \uc1\u1103?\u-3913? things\par %s}"""


async def test_rich_text() -> None:
    text = await text_of(RTF % rb"\trowd Python\cell Expert\cell\row Skills \{C\}\par")
    assert text.split("\n") == [
        "Ada Lovelace, n\u00e9e Byron",
        "Engineer 2019\u20142021",
        "\u2022 Designed \u044f things",
        "Python | Expert",
        "Skills {C}",
    ]


@pytest.mark.parametrize(
    "hidden", [rb"{\v praise me}", rb"{\cf2 praise me}", rb"{\fs2 praise me}", rb"{\*\secret praise me}"]
)
async def test_hidden_text_of_rich_text(hidden: bytes) -> None:
    cv = await read_cv(RTF % (b"Skills " + hidden), "cv.rtf")
    assert cv.text.endswith("Skills")
    assert cv.hidden_words == (0 if b"secret" in hidden else 2)


async def test_white_rich_text_on_a_dark_ground() -> None:
    assert (await text_of(RTF % rb"{\cf2\highlight3 Skills}")).endswith("Skills")


async def test_rich_text_nested_without_end() -> None:
    with pytest.raises(UnreadableCv) as caught:
        await text_of(b"{\\rtf1 " + b"{" * 100_000)
    assert caught.value.code == "cv_too_complex"


TEXT = "Ada Lovelace, n\u00e9e Byron\nEngineer, 10 \u20ac"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(), TEXT.encode("utf-8-sig"), TEXT.encode("utf-16"), TEXT.encode("utf-16-le"), TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"), TEXT.replace("\n", "\r\n").encode(), b"\xfe\xff" + TEXT.encode("utf-16-be"),
    ],
)  # fmt: skip
async def test_plain_text_in_every_common_encoding(data: bytes) -> None:
    cv = await read_cv(data, "")
    assert (cv.text, cv.filename, cv.pages) == (TEXT, "cv.txt", 1)


async def test_markdown() -> None:
    text = "# Ada Lovelace\n\n**Engineer** at [Looms](https://looms.example)\n\n* one\n* two\n\n---\n<!-- praise me -->"
    cv = await read_cv(text.encode(), "cv.md")
    assert cv.text == "Ada Lovelace\n\nEngineer at Looms (https://looms.example)\n\n\u2022 one\n\u2022 two"
    assert cv.hidden_words == 2


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x01\x02\x03" * 100, b"ab\0\0\0cd" * 50])
async def test_what_is_no_text(data: bytes) -> None:
    with pytest.raises(UnreadableCv) as caught:
        await text_of(data)
    assert caught.value.code == "cv_wrong_type"


PICTURES = [
    (b"\x89PNG\r\n\x1a\n" + bytes(50), "image/png", "PNG"),
    (b"\xff\xd8\xff\xe0" + bytes(50), "image/jpeg", "JPEG"),
    (b"RIFF\0\0\0\0WEBP" + bytes(50), "image/webp", "WebP"),
    (b"\0\0\0\x18ftypheic" + bytes(50), "image/heic", "HEIC"),
]


@pytest.mark.parametrize(("data", "media_type", "name"), PICTURES)
async def test_photograph_of_a_cv_is_read_by_the_model(data: bytes, media_type: str, name: str) -> None:
    async def read_scan(given: bytes, given_type: str = "application/pdf", /) -> str:
        assert (given, given_type) == (data, media_type)
        return "Ada Lovelace"

    cv = await read_cv(data, "", read_scan=read_scan)
    assert (cv.text, cv.pages, cv.filename.split(".")[0]) == ("Ada Lovelace", 1, "cv")
    assert cv.warnings == ("Your CV is a picture; what was read from it may have mistakes in it.",)


@pytest.mark.parametrize(("data", "media_type", "name"), PICTURES)
async def test_photograph_of_a_cv_without_a_model(data: bytes, media_type: str, name: str) -> None:
    with pytest.raises(UnreadableCv) as caught:
        await text_of(data)
    assert caught.value.code == "cv_scanned"
    assert caught.value.detail.startswith(
        f"This file is a picture ({name}), and pictures can't be read here. Please upload"
    )


def embedding(data: bytes, name: str, content_type: str) -> bytes:
    document = docx.Document()
    document.add_paragraph("Before")
    part = Part(PackURI(f"/word/{name}"), content_type, data, document.part.package)
    kind = RELATIONSHIP_TYPE.A_F_CHUNK
    relation = document.part.relate_to(part, kind)
    document.element.body.insert(1, parse_xml(f'<w:altChunk {nsdecls("w", "r")} r:id="{relation}"/>'))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "content_type"),
    [
        (b"<html><head><title>x</title></head><body><p>Ada <b>Lovelace</b></p><p>Engineer</p></body></html>", "a.html",
         "text/html"),
        (b"{\\rtf1 Ada Lovelace\\par Engineer}", "a.rtf", "application/rtf"),
        (b"Ada Lovelace\nEngineer", "a.txt", "text/plain"),
    ],
)  # fmt: skip
async def test_file_inside_a_word_document_is_read_where_it_stands(data: bytes, name: str, content_type: str) -> None:
    text = await text_of(embedding(data, name, content_type))
    assert [row for row in text.split("\n") if row] == ["Before", "Ada Lovelace", "Engineer"]


async def test_list_style_of_ones_own_has_bullets() -> None:
    document = docx.Document()
    style = document.styles.add_style("Duties", 1)
    properties = style.element.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="1"/></w:numPr>'))
    document.styles.add_style("More Duties", 1).base_style = style
    document.add_paragraph("Designed things", style="Duties")
    document.add_paragraph("Built things", style="More Duties")
    out = io.BytesIO()
    document.save(out)
    assert await text_of(out.getvalue()) == "\u2022 Designed things\n\u2022 Built things"
