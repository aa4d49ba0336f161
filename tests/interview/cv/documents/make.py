"""Makes the printed CVs of this folder again: `python tests/interview/cv/documents/make.py [name...]`.

Needs Chromium and LibreOffice, the Noto fonts, and the folders of the npm packages @fontsource/merriweather and
@fontsource/inter below the folder that FONTS names. The tests need none of them: they read the files that lie here.
"""

# The documents' own words and styles, in the languages of their readers, are laid out as they are written.
# ruff: noqa: E501, ISC004, RUF001

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import docx
from docx.enum.section import WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt

HERE = Path(__file__).parent
FONTS = Path(os.environ.get("FONTS", "fonts"))

FACES = "".join(
    f"@font-face {{ font-family: {name}; font-weight: {weight};"
    f" src: url('file://{FONTS.resolve()}/{package}/files/{package}-latin-{weight}-normal.woff2'); }}"
    for name, package in (("Merriweather", "merriweather"), ("Inter", "inter"))
    for weight in (400, 700)
)
COMMON = """
@page { size: A4; margin: 14mm } * { box-sizing: border-box } ul { margin: 0; padding-left: 5mm }
h1, h2, h3, p { margin: 0 } body { margin: 0; font: 10pt/1.45 'Liberation Sans' }
"""

JOBS = (
    ("Senior Platform Engineer", "Fjordlight Offices", "Oslo, Norway", "March 2021 – Present", (
        "Designed the first efficient scheduler of the firm, which runs forty thousand jobs a day on half of the"
        " former machines and finds conflicting workflows before they start.",
        "Defined the official certification path for twelve financial profiles and taught six colleagues to keep it.",
    )),
    ("Platform Engineer", "Difference Engines", "Cambridge, United Kingdom", "June 2017 – February 2021", (
        "Rewrote the fulfilment pipeline, which had failed every fifth night, as a flow of small steps that can each"
        " be tried again.",
        "Cut the cost of storing office files by a third within a year.",
    )),
    ("Software Developer", "Jacquard Looms", "Lyon, France", "September 2014 – May 2017", (
        "Built the reflection layer between the pattern editor and the looms, from a first draft to daily use in four"
        " factories.",
    )),
)  # fmt: skip


def _bullets(texts: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>"


def _document(style: str, body: str, *, lang: str = "en", attributes: str = "") -> str:
    return (
        f"<!doctype html><html lang={lang} {attributes}><meta charset=utf-8><title>CV</title>"
        f"<style>{FACES}{COMMON}{style}</style>{body}</html>"
    )


def equal_columns() -> str:
    """Two columns of equal width whose lines stand on one grid, and whose texts are both prose."""
    left = (
        ("Profile", "I build platforms that other people build on. For nine years I have looked after schedulers,"
         " queues and the pipelines between them, and after the people who are called when these stop."),
        ("Teaching", "Every spring I hold a course on distributed systems for forty students, who end it with a"
         " database of their own that survives the loss of any one machine."),
        ("Writing", "My notes on failure are read by some ten thousand people a month, and three of them became"
         " chapters of a book on operations."),
    )  # fmt: skip
    right = (
        ("Fjordlight Offices, since 2021", "Here I lead the four people who keep the scheduler. We halved its machines"
         " without a night of downtime, and wrote down every step for those who come after us."),
        ("Difference Engines, 2017 to 2021", "I rewrote a pipeline that had failed every fifth night. It has not failed"
         " since its second month, which its users noticed before we told them."),
        ("Jacquard Looms, 2014 to 2017", "My first employment. I built what lies between the pattern editor and the"
         " looms, and learned to listen to weavers."),
    )  # fmt: skip
    columns = "".join(
        "<div>" + "".join(f"<h2>{head}</h2><p>{text}</p>" for head, text in column) + "</div>"
        for column in (left, right)
    )
    return _document(
        "body { font: 10pt/14pt 'Liberation Serif' } h2 { font: bold 10pt/14pt 'Liberation Serif'; margin: 0 }"
        ".c { display: grid; grid-template-columns: 1fr 1fr; gap: 8mm; text-align: justify } h1 { font-size: 22pt;"
        " line-height: 28pt } p { margin-bottom: 14pt }",
        f"<h1>Ada Marlowe</h1><p>Platform engineer, Oslo, ada@marlowe.example</p><div class=c>{columns}</div>",
    )


def cards() -> str:
    """Cards beside and below each other; each is read whole."""
    projects = (
        ("Lantern", "2023", "A tracing tool for batch jobs that shows where a night's hours went, used by four teams."),
        ("Harbour", "2022", "A file store for offices with one region each, which keeps working when the line is cut."),
        ("Thimble", "2020", "A queue that fits on one machine and says so, with ninety lines of configuration fewer."),
        ("Bobbin", "2019", "The first open pattern format of the looms, adopted by two other makers within a year."),
        ("Quill", "2018", "A form editor for clerks, offline first, that replaced nineteen different spreadsheets."),
        ("Sextant", "2016", "A dashboard of the factory floor, drawn for people who stand two metres away from it."),
    )
    made = "".join(
        f"<div class=card><div class=top><b>{name}</b><span>{year}</span></div><p>{text}</p></div>"
        for name, year, text in projects
    )
    return _document(
        ".cards { display: grid; grid-template-columns: 1fr 1fr; gap: 4mm } .card { border: 1px solid #bbb; padding:"
        " 3mm; border-radius: 2mm } .top { display: flex; justify-content: space-between } h2 { margin: 4mm 0 2mm }",
        f"<h1>Ada Marlowe</h1><p>Projects of ten years, two to a row.</p><h2>Projects</h2><div class=cards>{made}</div>"
        "<h2>Languages</h2><p>English, Norwegian and French.</p>",
    )


def margin_dates() -> str:
    """Dates and places in the left margin, the job beside them."""
    jobs = "".join(
        f"<div class=row><div class=when><div>{when}</div><div class=place>{place}</div></div><div><h3>{title},"
        f" {firm}</h3>{_bullets(texts)}</div></div>"
        for title, firm, place, when, texts in JOBS
    )
    return _document(
        ".row { display: grid; grid-template-columns: 44mm 1fr; gap: 4mm; margin-bottom: 4mm } .place { color: #666;"
        " font-size: 9pt } h3 { font-size: 10pt } .when { font-size: 9pt; line-height: 14.5pt }",
        f"<h1>Ada Marlowe</h1><p>Platform engineer</p><h2>Experience</h2>{jobs}<h2>Education</h2><div class=row><div"
        " class=when><div>2010 – 2014</div></div><div><h3>BSc Mathematics, University of Leeds</h3></div></div>",
    )


def right_dates() -> str:
    """Dates and places at the right edge, in Merriweather."""
    jobs = "".join(
        f"<div class=line><h3>{title}</h3><span>{when}</span></div><div class=line><i>{firm}</i><span class=place>"
        f"{place}</span></div>{_bullets(texts)}"
        for title, firm, place, when, texts in JOBS
    )
    return _document(
        "body { font: 9.5pt/1.5 Merriweather } .line { display: flex; justify-content: space-between } h3 { font-size:"
        " 10pt } .place { font-size: 8.5pt } h2 { letter-spacing: 0.25em; font-size: 12pt; margin-top:"
        " 5mm }",
        f"<h1>Ada Marlowe</h1><p>Oslo · <a href='mailto:ada@marlowe.example'>ada@marlowe.example</a> · <a"
        f" href='https://code.example/ada'>my code</a></p><h2>PROFILES</h2><p>First officer of five efficient offices,"
        f" official finalist of the Fjord Certifications.</p><h2>EXPERIENCE</h2>{jobs}",
    )


def dark_sidebar() -> str:
    """White text on a dark bar beside the main column, in Inter; the skills are set as small boxes."""
    jobs = "".join(
        f"<div class=line><h3>{title}</h3><span>{when}</span></div><p>{firm}, {place}</p>{_bullets(texts)}"
        for title, firm, place, when, texts in JOBS
    )
    chips = "".join(
        f"<span class=chip>{skill}</span>" for skill in ("Python", "Rust", "Go", "PostgreSQL", "Kafka", "Terraform")
    )
    return _document(
        "@page { margin: 0 } body { font: 9.5pt/1.5 Inter; -webkit-print-color-adjust: exact } .page { display: grid;"
        " grid-template-columns: 62mm 1fr; height: 296mm } aside { background: #12304d; color: white; padding: 10mm 6mm"
        " } main { padding: 10mm } .line { display: flex; justify-content: space-between; gap: 4mm } .line span {"
        " white-space: nowrap } h3 { font-size: 10pt } .chip { display: inline-block; border: 1px solid"
        " white; padding: 0 2mm; margin: 0 1mm 1mm 0 } h2 { font-size: 12pt; margin: 4mm 0 1mm }",
        "<div class=page><aside><h2>C O N T A C T</h2><p>ada@marlowe.example</p><p>+47 555 010 203</p><p>Oslo, Norway</p>"
        f"<h2>Skills</h2><p>{chips}</p><h2>Languages</h2><p>English (native)</p><p>Norwegian (fluent)</p><h2>Interests"
        "</h2><p>Rowing, looms, and the first films of the silent era.</p></aside><main><h1>Ada Marlowe</h1><p>Platform"
        " engineer who finds the efficient way and files the proof.</p><h2>Experience</h2>"
        f"{jobs}</main></div>",
    )


def skill_rows() -> str:
    """Labels in the left margin with their skills beside them, and a table of three columns."""
    labels = (
        ("Languages", "Python, Rust, Go, TypeScript and enough SQL to know when not to use it"),
        ("Platforms", "Kubernetes, Nomad, Google Cloud, and bare machines with nobody around them"),
        ("Data", "PostgreSQL, Kafka, ClickHouse, Parquet and the formats that came before it"),
        ("Practice", "Incident reviews, capacity planning, teaching, writing things down"),
    )
    table = "".join(
        f"<tr><td>{a}</td><td>{b}</td><td>{c}</td></tr>"
        for a, b, c in (
            ("Certificate", "Issued by", "Year"),
            ("Cloud Architect", "Harbour Institute", "2022"),
            ("Database Officer", "Guild of Clerks", "2020"),
            ("First Responder", "City of Oslo", "2019"),
        )
    )
    return _document(
        ".row { display: grid; grid-template-columns: 30mm 1fr } td { padding: 1mm 12mm 1mm 0 } h2 { margin: 4mm 0 2mm"
        " }",
        "<h1>Ada Marlowe</h1><h2>Skills</h2>"
        + "".join(f"<div class=row><b>{label}</b><span>{text}</span></div>" for label, text in labels)
        + f"<h2>Certificates</h2><table>{table}</table><h2>References</h2><p>On request.</p>",
    )


def newspaper() -> str:
    """One text that flows through two columns over two pages, with a header and a footer on each."""
    paragraphs = "".join(
        f"<h3>Project {i}: {name}</h3><p>{name} began as a note on one page. In its first year it carried the accounts of"
        f" {i + 2} offices, and in the second those of {3 * i + 5}. I wrote most of its storage layer, and all of what"
        " people later called its manners: it says what it will do, does it, and says that it did.</p>"
        for i, name in enumerate(
            ("Anchor", "Beacon", "Compass", "Davit", "Ensign", "Fender", "Galley", "Halyard", "Inlet", "Jetty", "Keel",
             "Lantern", "Mast", "Nautilus", "Oar", "Pier", "Quay", "Rudder", "Sail", "Tiller"), 1,
        )
    )  # fmt: skip
    return _document(
        "@page { margin: 22mm 14mm; @top-left { content: 'Ada Marlowe · Curriculum Vitae'; font: 8pt 'Liberation"
        " Sans' } @bottom-right { content: 'Page ' counter(page) ' of ' counter(pages); font: 8pt 'Liberation Sans' } }"
        " .flow { columns: 2; column-gap: 8mm; column-fill: auto; } p { margin-bottom: 2mm } h3 { font-size: 10.5pt }",
        f"<h1>Ada Marlowe</h1><div class=flow>{paragraphs}</div>",
    )


def hindi() -> str:
    return _document(
        "body { font: 11pt/1.6 'Noto Sans Devanagari' } .line { display: flex; justify-content: space-between }",
        "<h1>अदिति शर्मा</h1><p>सॉफ़्टव"
        "ेयर अभियंता</p><h2>अनुभव</h2><div"
        " class=line><b>वरिष्ठ अभियंता, दिल"
        "्ली</b><span>2019 – 2024</span></div><p>क्षेत्रीय"
        " कार्यालयों के लिए प्र"
        "णाली निर्मित की और विद"
        "्यार्थियों को प्रशिक"
        "्षण दिया।</p><h2>शिक्षा</h2><p>गण"
        "ित में स्नातक, लखनऊ"
        " विश्वविद्यालय</p>",
        lang="hi",
    )


def thai() -> str:
    return _document(
        "body { font: 11pt/1.7 'Noto Sans Thai' }",
        "<h1>น้ำทิพย์ ศรีสุข</h1><p>วิ"
        "ศวกรซอฟต์แวร์</p><h2>ประส"
        "บการณ์</h2><p>พัฒนาระบบจั"
        "ดการคำสั่งซื้อให้บ"
        "ริษัทขนาดใหญ่ 2561 - 2566</p><p>สอ"
        "นผู้ร่วมงานให้เขีย"
        "นโปรแกรมได้ดีขึ้น</p>",
        lang="th",
    )


def arabic() -> str:
    return _document(
        "body { font: 12pt/1.7 'Noto Naskh Arabic' } .line { display: flex; justify-content: space-between }",
        "<h1>ليلى حسن</h1><p>مهندسة برم"
        "جيات (بايثون)</p><h2>الخبرة</h2>"
        "<div class=line><b>مهندسة أولى في شرك"
        "ة النور</b><span>2019 - 2024</span></div><p>صممت نظ"
        "اما لمعالجة 40000 طلب (يومي"
        "ا) للمكاتب</p>",
        lang="ar",
        attributes="dir=rtl",
    )


def hebrew() -> str:
    return _document(
        "body { font: 11pt/1.6 'Noto Sans Hebrew' } .line { display: flex; justify-content: space-between }",
        "<h1>עדה לוי</h1><p>מהנדסת תוכנ"
        "ה (פייתון)</p><h2>ניסיון</h2><div class=line><b>"
        "מהנדסת בכירה Google</b><span>2019 - 2024</span></div><p>"
        "תכננתי מערכת שמטפלת ב-"
        "40000 בקשות ביום</p>",
        lang="he",
        attributes="dir=rtl",
    )


def nested_tables() -> bytes:
    """A layout of tables as word processors' templates have it: a table of two columns with tables in its cells."""
    document = docx.Document()
    section = document.sections[0]
    section.left_margin = section.right_margin = Cm(1.8)
    document.styles["Normal"].font.name = "Liberation Sans"
    document.styles["Normal"].font.size = Pt(10)
    document.add_heading("Ada Marlowe", 0)
    layout = document.add_table(rows=1, cols=2)
    left, right = layout.rows[0].cells
    left.width, right.width = Cm(5.5), Cm(12)
    for label, entries in (
        ("Contact", ("ada@marlowe.example", "+47 555 010 203", "Oslo, Norway")),
        ("Skills", ("Python and Rust", "PostgreSQL", "Kafka and queues", "Terraform")),
        ("Languages", ("English", "Norwegian", "French")),
    ):
        left.add_paragraph(label).runs[0].bold = True
        for entry in entries:
            left.add_paragraph(entry)
    right.add_paragraph("Experience").runs[0].bold = True
    for title, firm, place, when, texts in JOBS:
        head = right.add_table(rows=2, cols=2)
        for i, (one, other) in enumerate(((title, when), (firm, place))):
            for cell, entry in zip(head.rows[i].cells, (one, other), strict=True):
                cell.paragraphs[0].add_run(entry)
        for text in texts:
            right.add_paragraph(text)
    document.add_paragraph("References on request.")
    return _saved(document)


def two_sections() -> bytes:
    """A heading over the full width, then a section of two columns that text flows through."""
    document = docx.Document()
    document.styles["Normal"].font.name = "Liberation Serif"
    document.styles["Normal"].font.size = Pt(10.5)
    document.add_heading("Ada Marlowe", 0)
    document.add_paragraph(
        "Platform engineer who finds the efficient way through other people's software, and files the proof."
    )
    document.add_section(WD_SECTION.CONTINUOUS)
    section = document.element.body.sectPr
    section.append(parse_xml(f'<w:cols {nsdecls("w")} w:num="2" w:space="500"/>'))
    for old in section.findall("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}cols")[:-1]:
        section.remove(old)
    for title, firm, place, when, texts in JOBS * 2:
        document.add_paragraph(f"{title}, {firm}").runs[0].bold = True
        document.add_paragraph(f"{when}, {place}")
        for text in texts:
            document.add_paragraph(text, style="List Bullet")
    return _saved(document)


def _saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


PRINTED = (
    equal_columns, cards, margin_dates, right_dates, dark_sidebar, skill_rows, newspaper, hindi, thai, arabic, hebrew,
)  # fmt: skip
WRITTEN = (nested_tables, two_sections)


def main(wanted: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for make in PRINTED:
            if not wanted or make.__name__ in wanted:
                page = Path(folder, "page.html")
                page.write_text(make())
                target = HERE / f"{make.__name__}.pdf"
                subprocess.run(
                    ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                     "--allow-file-access-from-files", f"--print-to-pdf={target}", str(page)],
                    check=True, capture_output=True, timeout=120,
                )  # fmt: skip
        for make_bytes in WRITTEN:
            if not wanted or make_bytes.__name__ in wanted:
                page = Path(folder, f"{make_bytes.__name__}.docx")
                page.write_bytes(make_bytes())
                subprocess.run(
                    ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(HERE), str(page)],
                    check=True, capture_output=True, timeout=120,
                )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
