"""The report as a file: Markdown, Word and JSON, with the transcript.

What people and the model wrote stays text in every format: it can't become markup, a heading or another row.
"""

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, get_args

from contract.terms import ReportFormat
from interview.assessment.outline import Heading, Table, Text, outline
from interview.errors import Invalid
from interview.record import Interview, Turn
from interview.transcript import MEDIA_TYPES, Document, as_json, escape_md, plain, slug, title, word_style

FORMATS: tuple[ReportFormat, ...] = get_args(ReportFormat)


def render(interview: Interview, turns: Sequence[Turn], format_name: str) -> Document:
    """The report in one of `FORMATS`. Raises Invalid (code `invalid_format`) for any other name."""
    if format_name not in _RENDERERS:
        raise Invalid(f"format must be one of {', '.join(FORMATS)}.", code="invalid_format", field="format")
    data = _RENDERERS[format_name](interview, turns)
    return Document(MEDIA_TYPES[format_name], f"{slug(interview)}-report.{format_name}", data)


def _json(interview: Interview, turns: Sequence[Turn]) -> bytes:
    report = {
        "transcript": as_json(interview, turns),
        "summary": asdict(interview.summary) if interview.summary else None,
    }
    return json.dumps(report, ensure_ascii=False, indent=2).encode() + b"\n"


def _md(interview: Interview, turns: Sequence[Turn]) -> bytes:
    pieces: list[str] = []
    listed = False
    for block in outline(interview, turns):
        item = isinstance(block, Text) and block.style == "item"
        # Items follow each other without a blank line; all other blocks stand apart.
        pieces.append("\n" if item and listed else "\n\n")
        listed = item
        if isinstance(block, Heading):
            pieces.append(f"{'#' * block.level} {_one_line(block.text)}")
        elif isinstance(block, Table):
            pieces.append(_md_table(block))
        else:
            pieces.append(_md_text(block))
    return ("".join(pieces).strip() + "\n").encode()


def _md_text(block: Text) -> str:
    mark = {"item": "- ", "quote": "  > ", "paragraph": ""}[block.style]
    label, broken = block.label.rstrip(), block.label.endswith("\n")
    text = "\\\n".join(escape_md(line) for line in plain(block.text).splitlines())
    if not label:
        return f"{mark}{text}"
    return f"{mark}**{escape_md(label)}**{chr(10) * 2 if broken else ' '}{text}"


def _md_table(table: Table) -> str:
    rows = [f"| {' | '.join(map(_one_line, row))} |" for row in table.rows]
    return "\n".join((rows[0], f"|{' --- |' * len(table.rows[0])}", *rows[1:]))


def _one_line(text: str) -> str:
    return escape_md(" ".join(plain(text).split()))


def _docx(interview: Interview, turns: Sequence[Turn]) -> bytes:
    import docx  # Slow to import, and only this format needs it.

    document = docx.Document()
    words = word_style(document, interview.language)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title(interview), "", ""
    for block in outline(interview, turns):
        if isinstance(block, Heading):
            document.add_heading(plain(block.text), level=block.level)
        elif isinstance(block, Table):
            _docx_table(document, block)
        else:
            _docx_text(document, block, words if block.said else None)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _docx_text(document: Any, block: Text, style: Any) -> None:
    styles = {"item": "List Bullet", "quote": "Intense Quote", "paragraph": None}
    paragraph = document.add_paragraph(style=styles[block.style])
    if block.label:
        paragraph.add_run(plain(block.label.rstrip("\n"))).bold = True
    for at, line in enumerate(plain(block.text).splitlines()):
        if at or block.label.endswith("\n"):
            paragraph.add_run().add_break()
        paragraph.add_run(line, style)


def _docx_table(document: Any, table: Table) -> None:
    grid = document.add_table(rows=0, cols=len(table.rows[0]), style="Table Grid")
    for at, row in enumerate(table.rows):
        for cell, value in zip(grid.add_row().cells, row, strict=True):
            cell.paragraphs[0].add_run(plain(value)).bold = not at


_RENDERERS: dict[str, Callable[[Interview, Sequence[Turn]], bytes]] = {"md": _md, "docx": _docx, "json": _json}
