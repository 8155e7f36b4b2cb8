"""The page, parsed: what stands in it, and what must not."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from fontTools.ttLib import TTFont
from lxml import etree
from PIL import Image

from survey.report.charts import image
from survey.report.document import ChartBlock, Page, Report, TableBlock, TableCell
from survey.report.look import HOUSE, Look
from survey.report.pdf import marked
from survey.report.style import clean, font_files
from survey.report.web.fonts import family_list, font_faces
from survey.report.web.html import html
from survey.report.web.pictures import picture

HOSTILE = [
    "<script>window.hit = 1</script>",
    "</script><script>window.hit = 1</script>",
    "</style><img src=x onerror='window.hit = 1'>",
    '"><svg onload="window.hit = 1">',
    "{{ 7 * 7 }} {% raw %} ${hit}",
    "$x$ & &amp; \\u2028\u2028\u2029 \"quoted\" 'too'",
    '=HYPERLINK("http://example.org")',
    "a" * 400,
    "עברית وعربي 😀",
    "one\ntwo\r\nthree\x00\x07",
]


def parsed(report: Report, pictures: Mapping[str, bytes] | None = None) -> Any:
    return lxml.html.document_fromstring(html(report, pictures).decode())


def text(element: Any) -> str:
    return " ".join(element.text_content().split())


def data_of(page: Any) -> Any:
    return json.loads(page.get_element_by_id("data").text)


def tables(report: Report) -> list[TableBlock]:
    blocks = [block for page in report.pages for block in page.blocks]
    return [block for block in blocks if isinstance(block, TableBlock)]


def test_everything_is_said(report: Report) -> None:
    page = parsed(report)
    said = text(page.body)

    for block in (b for p in report.pages for b in p.blocks):
        if isinstance(block, ChartBlock):
            texts = [block.title, block.subtitle, *block.footer]
        elif isinstance(block, TableBlock):
            texts = [block.title, *block.notes]
        else:
            texts = [block.text, *block.points]
        for line in texts:
            assert clean(line) in said
    lines = [report.title, report.subtitle, *report.cautions, *report.headlines]
    lines += [p.title for p in report.pages] + [p.section for p in report.pages]
    for line in lines:
        assert clean(line) in said
    assert page.get("lang") == report.language


def test_findings_have_a_page_where_the_report_has_none(english: Report) -> None:
    said = text(parsed(english).body)
    assert "Findings on the data" in said


def test_cells_are_those_of_the_report(report: Report) -> None:
    page = parsed(report)

    for number, block in enumerate(tables(report), start=1):
        rows = page.xpath(f"//table[@id='table-{number}']/tbody/tr")
        for row, line in zip(block.rows, rows, strict=False):
            cells = line.xpath("td")
            assert text(line[0]) == clean(row.label)
            assert [text(cell) for cell in cells] == [
                " ".join(f"{marked(cell)} {cell.letters}".split()) for cell in row.cells
            ]


def test_every_page_can_be_reached(report: Report) -> None:
    page = parsed(report)
    targets = [link.get("href") for link in page.xpath("//nav//a")]
    assert len(targets) == len(set(targets)) >= len(report.pages)
    for target in targets:
        assert page.get_element_by_id(target.removeprefix("#")).tag == "article"


def test_ids_occur_once(report: Report) -> None:
    doubled = replace(report, pages=(*report.pages, *report.pages))
    found = parsed(doubled).xpath("//@id")
    assert len(found) == len(set(found)) > 0


def test_figures_say_what_they_are(small: Report) -> None:
    (drawing,) = parsed(small).xpath("//figure//*[local-name()='svg']")
    title = drawing.xpath("*[local-name()='title']")[0]
    assert (drawing.get("role"), text(title)) == ("img", "Cost is a barrier")
    assert text(drawing.xpath("*[local-name()='desc']")[0]).startswith("Horizontal")
    assert drawing.get("aria-labelledby") == title.get("id")
    assert "41%" in text(drawing)


def test_nothing_is_fetched(small: Report) -> None:
    look = replace(HOUSE, logo=png(), logo_kind="png")
    page = parsed(replace(small, look=look))
    for value in page.xpath("//@src | //@href | //@srcset | //@action"):
        assert value.startswith(("#", "data:"))
    style = text(page.xpath("//style")[0])
    assert set(re.findall(r"url\((.{5})", style)) == {"data:"}
    assert "@import" not in style


def png() -> bytes:
    stream = BytesIO()
    Image.new("RGB", (4, 2), "#0A5083").save(stream, format="png")
    return stream.getvalue()


def test_the_policy_allows_only_our_own_style_and_script(small: Report) -> None:
    page = parsed(small)
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(part.split(" ", 1) for part in policy.split("; "))
    scripts = page.xpath("//script[not(@type)]")

    assert rules["default-src"] == "'none'"
    assert rules["style-src"] == f"'{digest(page.xpath('//style')[0].text)}'"
    assert [f"'{digest(script.text)}'" for script in scripts] == [rules["script-src"]]
    assert "unsafe" not in policy
    assert not page.xpath("//@style")
    assert not [name for name in page.xpath("//@*") if is_handler(name)]


def is_handler(value: Any) -> bool:
    return str(value.attrname).startswith("on")


def digest(content: str) -> str:
    return "sha256-" + b64encode(sha256(content.encode()).digest()).decode()


@pytest.mark.parametrize("label", HOSTILE)
def test_texts_from_data_stay_texts(
    with_label: Callable[[str], Report], pictures: dict[str, bytes], label: str
) -> None:
    page = parsed(with_label(label), pictures)
    shown = clean(label)

    assert len(page.xpath("//script")) == 2
    assert len(page.xpath("//style")) == 1
    assert not page.xpath("//img")
    assert text(page.xpath("//h1")[0]) == shown
    assert {text(head) for head in page.xpath("//tbody//th")} == {shown}
    assert {text(title) for title in page.xpath("//*[local-name()='desc']")} == {shown}
    assert data_of(page)["tables"]["table-1"]["recipes"] == [shown]
    assert page.xpath("//th[@scope='row']/@dir") == ["auto"] * 4
    assert not [value for value in page.xpath("//@*") if is_handler(value)]


def test_a_hidden_cell_is_nowhere(small: Report) -> None:
    cell = TableCell("", 0.43219876, "percent", "", "hidden", "", "43.2198%")
    block = tables(small)[0]
    rows = (*block.rows[:-1], replace(block.rows[-1], cells=(cell,) * 6))
    table = replace(block, rows=rows)
    made = html(replace(small, pages=(Page("p", "P", (table,)),)))

    assert b"4321987" not in made
    assert b"43.2198" not in made


def test_the_script_gets_values_and_texts_without_weights(small: Report) -> None:
    known = data_of(parsed(small))["tables"]["table-1"]
    assert known["values"][3] == [0.41, None, 0.3, 0.52, 0.04, None]
    assert known["plain"][3] == ["38%", "", "29%", "50%", "5%", "**"]
    assert known["plain"][4][2] == "60%*"
    assert known["groups"] == ["", "", "Size", "Size", "Region", "Region"]
    assert known["recipe"] == [-1, -1, 0, 0, 0, 0]
    assert data_of(parsed(small))["tables"]["table-2"]["plain"] == []


def test_bases_alone_are_no_table_without_weights(small: Report) -> None:
    block = tables(small)[0]
    table = replace(block, rows=block.rows[:2])
    page = parsed(replace(small, pages=(Page("p", "P", (table,)),)))
    assert data_of(page)["tables"]["table-1"]["plain"] == []
    assert page.xpath("//*[@class='table']/p[@class='plain-only']")


def test_without_weights_there_is_no_switch(small: Report) -> None:
    block = tables(small)[0]
    same = [
        replace(row, cells=tuple(replace(c, plain=c.text) for c in row.cells))
        for row in block.rows
    ]
    table = replace(block, rows=tuple(same))
    page = parsed(replace(small, pages=(Page("p", "P", (table,)),)))
    assert not page.xpath("//*[@id='numbers']")
    assert parsed(small).xpath("//*[@id='numbers']")


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    assert html(report) == html(report)


def test_given_pictures_are_those_made_here(small: Report) -> None:
    figure = small.pages[0].blocks[0]
    assert isinstance(figure, ChartBlock)
    made = {figure.name: image(figure, "page")}
    assert html(small, made) == html(small)


def test_only_known_parts_of_a_picture_are_kept() -> None:
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="hit()" viewBox="0 0 1 1">'
        b"<style>*{fill:red}</style><script>hit()</script>"
        b'<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>'
        b'<g id="g"><path d="M 0 0" onclick="hit()" fill="url(http://a.b/c)"/></g>'
        b'<use href="http://example.org/x.svg"/>'
        b'<text style="fill: red" fill="#000">a &lt; b</text>'
        b"</svg>"
    )
    assert picture(svg, "f", "T & t", "<d>") == (
        '<svg viewBox="0 0 1 1" role="img" aria-labelledby="f-title" '
        'aria-describedby="f-text"><title id="f-title">T &amp; t</title>'
        '<desc id="f-text">&lt;d&gt;</desc><g><path d="M 0 0"/></g>'
        '<text fill="#000">a &lt; b</text></svg>'
    )


def test_pictures_of_our_own_lose_nothing(report: Report) -> None:
    blocks = [b for p in report.pages for b in p.blocks if isinstance(b, ChartBlock)]
    for block in blocks:
        drawn = etree.fromstring(image(block, "page", look=report.look))
        kept = etree.fromstring(picture(etree.tostring(drawn), "f", "", ""))
        for before, after in zip(drawn, kept[2:], strict=True):
            assert etree.QName(before).localname == after.tag
            assert dict(before.attrib) == dict(after.attrib)
            assert before.text == after.text


def test_typefaces_have_the_characters_that_occur() -> None:
    faces = font_faces(HOUSE, "Größe ≥ א")
    first = fonts(faces)
    assert [name for name, _, _ in first] == ["Source Sans Pro", "DejaVu Sans"] * 2
    assert [weight for _, weight, _ in first] == ["400", "400", "700", "700"]
    assert {ord("ö"), ord("≥")} <= set(first[0][2].getBestCmap())
    assert ord("א") in first[1][2].getBestCmap()
    assert ord("A") not in first[1][2].getBestCmap()
    assert len(fonts(font_faces(HOUSE, "abc"))) == 2


def fonts(faces: str) -> list[tuple[str, str, TTFont]]:
    found = re.findall(
        r"font-family:'([^']+)';font-weight:(\d+);src:url\(data:font/woff;base64,([^)]+)",
        faces,
    )
    return [(name, weight, TTFont(BytesIO(b64decode(c)))) for name, weight, c in found]


def test_a_typeface_that_may_not_be_embedded_is_not(tmp_path: Path) -> None:
    font = TTFont(font_files()[0])
    free, closed = tmp_path / "free.ttf", tmp_path / "closed.ttf"
    font.save(free)
    font["OS/2"].fsType = 2
    font.save(closed)
    font.close()
    names = ("House Sans", *HOUSE.families)

    shown = fonts(font_faces(Look(families=names, fonts=(free,)), "abc"))
    kept = fonts(font_faces(Look(families=names, fonts=(closed,)), "abc"))

    assert [name for name, _, _ in shown] == ["House Sans", "House Sans"]
    assert [name for name, _, _ in kept] == ["Source Sans Pro", "Source Sans Pro"]


def test_a_look_cannot_break_the_style(small: Report) -> None:
    look = Look(
        colours={**HOUSE.colours, "accent": "red}</style>"},
        families=("x'}</style><script>hit()</script>",),
    )
    page = parsed(replace(small, look=look))
    assert len(page.xpath("//script")) == 2
    assert family_list(look) == "'xstylescripthitscript', sans-serif"
    assert "--accent" not in page.xpath("//style")[0].text.split("}")[0]
