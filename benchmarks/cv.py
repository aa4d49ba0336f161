"""How CVs are read, beside plain pdfplumber, pdfium and MuPDF: `python -m benchmarks.cv [folder of PDFs]`.

Sentence pairs: two lines that MuPDF puts into one block, the first of four words at least and without an end, have to
follow each other in a text. Dates: a line that holds a period of years has to stand within two lines of the job it is
printed beside. Words: recall and precision against MuPDF's words. Lines of the text, and seconds of the processor.

MuPDF is under the AGPL and no dependency of the project: it runs in an environment of its own, which
`python -m venv DIR && DIR/bin/pip install pymupdf` makes, and which MUPDF names by the path of its interpreter.
"""

import json
import logging
import os
import re
import statistics
import subprocess
import sys
import time
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pypdfium2

from interview.cv.pdf import read_pdf
from interview.cv.text import clean, join_hyphens
from interview.errors import UnreadableCv

DOCUMENTS = Path(__file__).parents[1] / "tests" / "interview" / "cv" / "documents"
MUPDF = os.environ.get("MUPDF", "")
_YEARS = re.compile(r"\b(?:19|20)\d\d\s*[-\u2013\u2014]\s*(?:(?:19|20)\d\d|\w+)", re.IGNORECASE)
_SCRIPT = """
import json, sys, time, pymupdf
pymupdf.TOOLS.mupdf_display_errors(False)
for path in sys.argv[1:]:
    began = time.process_time()
    pages = [page.get_text() for page in pymupdf.open(path)]
    seconds = time.process_time() - began
    blocks = [block[4] for page in pymupdf.open(path) for block in page.get_text("blocks") if block[6] == 0]
    lines = [
        [[place + 10000 * number * (i % 2) for i, place in enumerate(line["bbox"])],
         "".join(span["text"] for span in line["spans"])]
        for number, page in enumerate(pymupdf.open(path))
        for block in page.get_text("dict")["blocks"]
        for line in block.get("lines", ())
    ]
    print(json.dumps({"text": "\\n".join(pages), "blocks": blocks, "lines": lines, "seconds": seconds}))
"""


def ours(path: Path) -> str:
    try:
        return clean(join_hyphens(clean(read_pdf(path.read_bytes(), pages=10, most_pages=50).text)))
    except UnreadableCv:
        return ""


def plumber(path: Path) -> str:
    with pdfplumber.open(path) as document:
        return "\n".join(page.extract_text() or "" for page in document.pages)


def pdfium(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def plain(text: str) -> str:
    """Letters and digits alone, words divided at the end of a line made whole."""
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    text = re.sub(r"[\ue000-\uf8ff\u200b-\u200f\x00]", "", text)
    text = re.sub(r"(\w)[-\u2010]\s*\n\s*(\w)", r"\1\2", text).casefold()
    return re.sub(r"[^\w]", "", text)


def words(text: str) -> Counter[str]:
    return Counter(word for word in (plain(part) for part in text.split()) if word)


def pairs(blocks: list[str]) -> list[str]:
    found = []
    for block in blocks:
        lines = [line for line in block.split("\n") if line.strip()]
        for a, b in pairwise(lines):
            pair = plain(f"{a}\n{b}")
            if len(a.split()) >= 4 and not re.search(r"[.:!?]\s*$", a) and len(pair) >= 30:
                found.append(pair)
    return found


def dates(lines: list[tuple[list[float], str]]) -> list[tuple[str, str]]:
    """Each period of years, with the first words printed on its line or, where it is alone there, right below it."""
    found = []
    for box, text in lines:
        # A date among more words has its place with it.
        if not _YEARS.search(text) or len(text.split()) > 5:
            continue
        middle, height = (box[1] + box[3]) / 2, box[3] - box[1]
        beside = [other for place, other in lines if other != text and place[1] <= middle <= place[3] and other.strip()]
        below = [
            other for place, other in lines if 0 < (place[1] + place[3]) / 2 - middle < 1.9 * height and other.strip()
        ]
        if beside or below:
            found.append((plain(text), plain((beside or below)[0])))
    return found


def near(text: str, date: str, job: str) -> bool:
    rows = [plain(row) for row in text.split("\n") if row.strip()]
    dated = [i for i, row in enumerate(rows) if date in row]
    return any(job in "".join(rows[max(0, i - 2) : i + 3]) for i in dated)


def main(folder: Path) -> None:
    warnings.simplefilter("ignore")
    logging.disable()
    paths = sorted(folder.glob("*.pdf"))
    run = subprocess.run([MUPDF, "-c", _SCRIPT, *map(str, paths)], capture_output=True, text=True, check=True)
    references = dict(zip(paths, map(json.loads, run.stdout.splitlines()), strict=True))
    engines: dict[str, Callable[[Path], str]] = {"ours": ours, "pdfplumber": plumber, "pdfium": pdfium}
    print(f"{len(paths)} files, {sum(len(pairs(r['blocks'])) for r in references.values())} sentence pairs")
    print(f"{'':12}{'pairs':>8}{'dates':>10}{'recall':>8}{'precision':>11}{'lines':>7}{'seconds':>9}")
    for name in (*engines, "mupdf"):
        kept = total = dated = of_dates = lines = 0
        seconds = 0.0
        recalls, precisions = [], []
        for path in paths:
            reference = references[path]
            began = time.process_time()
            text = reference["text"] if name == "mupdf" else engines[name](path)
            seconds += reference["seconds"] if name == "mupdf" else time.process_time() - began
            whole = plain(text)
            wanted = pairs(reference["blocks"])
            kept += sum(pair in whole for pair in wanted)
            total += len(wanted)
            jobs = dates(reference["lines"])
            dated += sum(near(text, *job) for job in jobs)
            of_dates += len(jobs)
            lines += sum(bool(line.strip()) for line in text.split("\n"))
            mine, theirs = words(text), words(reference["text"])
            common = sum((mine & theirs).values())
            recalls.append(common / max(1, sum(theirs.values())))
            precisions.append(common / max(1, sum(mine.values())))
        score = kept / max(1, total)
        print(
            f"{name:12}{score:8.3f}{f'{dated}/{of_dates}':>10}{statistics.median(recalls):8.3f}"
            f"{statistics.median(precisions):11.3f}{lines:7}{seconds:9.2f}"
        )


if __name__ == "__main__":
    if not MUPDF:
        sys.exit("Set MUPDF to the interpreter of an environment with pymupdf (see the head of this file).")
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS)
