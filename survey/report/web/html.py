"""The report as one HTML file: pages, figures, tables, and a script without a library.

The file fetches nothing, and forbids itself to. Texts are escaped by the template;
what the script reads is JSON that cannot end its element.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from survey.report.charts import image
from survey.report.document import Block, ChartBlock, Note, Page, Report, TableBlock
from survey.report.look import Look
from survey.report.pdf import pages_with_findings
from survey.report.style import COLOURS, clean
from survey.report.web.fonts import family_list, font_faces
from survey.report.web.pictures import picture
from survey.report.web.tables import differs, numbers, table
from survey.report.wording import words

if TYPE_CHECKING:
    from jinja2 import Template

_SCRIPT_WORDS: Final = "web_"
_TEST_NOTES: Final = ("table_notes_letters", "table_notes_rest", "table_notes_total")
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_NOT_IN_AN_ID: Final = re.compile(r"[^A-Za-z0-9_-]+")
_ESCAPED: Final = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}
_LOGOS: Final = {"png": "image/png", "svg": "image/svg+xml"}
_POLICY: Final = (
    "default-src 'none'; style-src '{style}'; script-src '{script}'; img-src data:; "
    "font-src data:; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page under way: pictures at hand, tables and figures so far."""

    report: Report
    pictures: Mapping[str, bytes]
    tables: dict[str, TableBlock] = field(default_factory=dict)
    figures: list[str] = field(default_factory=list)


def html(report: Report, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """Write a report as one HTML file.

    Parameters
    ----------
    report : Report
        Everything that a run has to say.
    pictures : mapping of str to bytes, optional
        The figures by name, as `image` makes them for a page; made here if omitted.

    Returns
    -------
    bytes
        A file that holds its fonts, figures and script and fetches nothing. The same
        report gives the same bytes.
    """
    sheet = _Sheet(report, pictures or {})
    fixed = {**words(report.language), **report.words}
    body = _template("body.html").render(_body(sheet, fixed))
    script, data = _asset("script.js"), _json(_script_data(sheet, fixed))
    style = _style(report.look, body + script + data)
    made = _template("page.html").render(
        language=report.language,
        title=clean(report.title) or report.name,
        policy=_POLICY.format(style=_hash(style), script=_hash(script)),
        style=style,
        script=script,
        data=data,
        body=body,
    )
    return made.encode()


def _body(sheet: _Sheet, fixed: Mapping[str, str]) -> dict[str, Any]:
    """Give what the template of the body reads."""
    report = sheet.report
    pages = pages_with_findings(report)
    sections = list(_sections(sheet, pages))
    return {
        "words": fixed,
        "title": clean(report.title) or report.name,
        "subtitle": clean(report.subtitle),
        "logo": _logo(report.look),
        "cautions": [clean(text) for text in report.cautions],
        "headlines": [clean(text) for text in report.headlines],
        "sections": sections,
        "banners": _banners(sheet.tables.values()),
        "weights": any(differs(block) for block in sheet.tables.values()),
    }


def _sections(sheet: _Sheet, pages: Sequence[Page]) -> Iterator[dict[str, Any]]:
    """Turn pages into sections, and give every page an id."""
    taken: set[str] = set()
    for name, run in groupby(pages, key=lambda page: page.section):
        title = clean(name)
        made = [_page(sheet, page, _free(page.name, taken)) for page in run]
        yield {"title": title, "pages": made}


def _free(name: str, taken: set[str]) -> str:
    """Make an id of a name that is not taken, and take it."""
    stem = "page-" + (_NOT_IN_AN_ID.sub("-", name).strip("-") or "page")
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    taken.add(key)
    return key


def _page(sheet: _Sheet, page: Page, key: str) -> dict[str, Any]:
    """Turn a page into data."""
    title = clean(page.title) or page.name
    blocks = [_block(sheet, block, title) for block in page.blocks]
    return {"key": key, "title": title, "blocks": blocks}


def _block(sheet: _Sheet, block: Block, heading: str) -> dict[str, Any]:
    """Turn a block into data."""
    match block:
        case ChartBlock():
            return {"kind": "chart", "value": _figure(sheet, block, heading)}
        case TableBlock():
            key = f"table-{len(sheet.tables) + 1}"
            sheet.tables[key] = block
            return {"kind": "table", "value": table(block, key, heading)}
        case _:
            return {"kind": "note", "value": _note(block)}


def _note(block: Note) -> dict[str, Any]:
    """Turn a note into data."""
    points = [clean(point) for point in block.points]
    return {"text": clean(block.text), "points": points, "kind": block.kind}


def _figure(sheet: _Sheet, block: ChartBlock, heading: str) -> dict[str, Any]:
    """Turn a figure into data; a title that repeats the heading is left out."""
    key = f"figure-{len(sheet.figures) + 1}"
    sheet.figures.append(key)
    svg = sheet.pictures.get(block.name) or image(block, "page", look=sheet.report.look)
    title = clean(block.title)
    name = title or heading
    return {
        "title": "" if title == heading else title,
        "name": name,
        "subtitle": clean(block.subtitle),
        "footer": [clean(line) for line in block.footer],
        "svg": picture(svg, key, name, clean(block.alt) or name),
    }


def _banners(blocks: Iterable[TableBlock]) -> list[str]:
    """List the banner questions of all tables."""
    groups = (clean(column.group) for block in blocks for column in block.columns)
    return list(dict.fromkeys(filter(None, groups)))


def _logo(look: Look) -> str:
    """Write the logo as an address that holds it."""
    if not look.logo or look.logo_kind not in _LOGOS:
        return ""
    content = b64encode(look.logo).decode()
    return f"data:{_LOGOS[look.logo_kind]};base64,{content}"


def _style(look: Look, text: str) -> str:
    """Put the styles of a page together: typefaces, colours, rules."""
    colours = {**COLOURS, **look.colours}
    named = "".join(
        f"--{role.replace('_', '-')}:{colours[role]};"
        for role in sorted(COLOURS)
        if _COLOUR.fullmatch(colours[role])
    )
    root = f":root{{{named}--family:{family_list(look)}}}"
    rules = _asset("style.css")
    return "\n".join([font_faces(look, text + rules), root, rules])


def _script_data(sheet: _Sheet, fixed: Mapping[str, str]) -> dict[str, Any]:
    """Give what the script reads."""
    tests = [fixed[key].partition(":")[0] + ":" for key in _TEST_NOTES]
    return {
        "language": sheet.report.language,
        "words": {
            key.removeprefix(_SCRIPT_WORDS): text
            for key, text in fixed.items()
            if key.startswith(_SCRIPT_WORDS)
        },
        "tables": {key: numbers(block, tests) for key, block in sheet.tables.items()},
    }


def _json(data: object) -> str:
    """Write data so that nothing in it can end a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_ESCAPED)


def _hash(text: str) -> str:
    """Name a text in the policy of a page."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def _asset(name: str) -> str:
    """Read a file that stands beside this module."""
    return (files("survey.report.web") / name).read_text(encoding="utf-8")


@cache
def _template(name: str) -> "Template":
    """Read a template."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.from_string(_asset(name))
