"""The look of a house is read whole, or refused with the line that is wrong."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from survey.errors import StyleError
from survey.report import charts, style
from survey.report.document import ChartBlock, ChartRow, ChartSeries, ChartValue
from survey.report.lettering import covered, measure
from survey.report.look import HOUSE, Look, read_look
from survey.report.marks import Box, Words

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
REGULAR, BOLD, DEJAVU, DEJAVU_BOLD = style.font_files()


def written(folder: Path, text: str) -> Path:
    path = folder / "house.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str) -> Look:
    return read_look(written(folder, text))


def refused(folder: Path, text: str) -> str:
    with pytest.raises(StyleError) as caught:
        read(folder, text)
    return str(caught.value)


def test_what_a_house_does_not_say_is_ours(tmp_path: Path) -> None:
    look = read(tmp_path, 'colours:\n  open: "#00664f"\n')

    assert look.colour("open") == "#00664F"
    assert look.colour("main") == style.COLOURS["main"]
    assert (look.scale, look.families, look.fonts) == (
        HOUSE.scale,
        HOUSE.families,
        (),
    )
    assert (look.logo, look.logo_kind) == (b"", "")


def test_net_and_weighted_follow_the_accent(tmp_path: Path) -> None:
    look = read(tmp_path, 'colours: {accent: "#7A1F5C", ink: "#101010"}')

    assert look.colour("net") == look.colour("weighted") == "#7A1F5C"
    assert look.colour("total") == "#101010"


def test_our_own_look_passes_our_own_checks(tmp_path: Path) -> None:
    roles = "".join(f'  {role}: "{code}"\n' for role, code in style.COLOURS.items())
    light, dark = HOUSE.scale
    look = read(tmp_path, f'colours:\n{roles}scale: ["{light}", "{dark}"]\n')

    assert look == HOUSE


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colors: {}", r"line 1: unknown key 'colors'\. Known keys: colours, family"),
        ('colours:\n  mian: "#0A5083"', r"line 2: unknown role 'mian' in colours\. K"),
        (
            "colours:\n  main: blue",
            "line 2: colours.main is 'blue', which is no colour",
        ),
        (
            "colours:\n  main: #0A5083",
            'line 2: .* comment. Put the colour in quotes: "#',
        ),
        ("colours: blue", r"line 1: colours is 'blue'\. Write one role per line"),
        (
            'colours:\n  ink: "#999999"',
            r"line 2: ink \(#999999\) has a contrast of 2\.8",
        ),
        (
            'colours:\n  net: "#0A5083"\n  main: "#0A5084"',
            r"line 3: main \(#0A5084\) and net \(#0A5083\) cannot be told apart \(norm",
        ),
        (
            'colours:\n  open: "#C04040"\n  proprietary: "#6E7A3A"',
            r"line 2: open .* and proprietary .* told apart \(deuteranopia; a diff",
        ),
        (
            'colours:\n  total: "#45545F"',
            r"line 2: net .* and total .* told apart \(greyscale; a difference of 4",
        ),
        ('scale: ["#0A5083"]', "line 1: scale is the lightest and the darkest step"),
        ('scale: ["#05294A", "#BDD8EE"]', "#05294A, which is not lighter than #BDD8EE"),
        (
            'scale: ["#7090B0", "#05294A"]',
            r"line 1: steps \d+ and \d+ of a scale of \d+ \(#",
        ),
        ("family: House Sans", "line 1: family 'House Sans' has no files"),
        (
            "fonts: [no.ttf]",
            r"line 1: fonts names 'no\.ttf', and there is no such file",
        ),
        ("fonts: [house.yaml]", r"line 1: house\.yaml is no font\. Name a TrueType"),
        ("fonts: [a, b, c]", "line 1: fonts lists 3 files"),
        ("fonts: [7]", "line 1: fonts is 7. Write the name of a file"),
        ("logo: no.png", r"line 1: logo names 'no\.png', and there is no such file"),
        ("logo: house.yaml", r"logo house\.yaml is neither PNG nor SVG"),
    ],
)
def test_mistakes_name_the_line_and_what_to_write(
    tmp_path: Path, text: str, message: str
) -> None:
    said = refused(tmp_path, text)

    assert said.startswith(f"{tmp_path / 'house.yaml'}, ")
    assert re.search(message, said), said


def test_a_broken_font_is_refused(tmp_path: Path) -> None:
    (tmp_path / "house.ttf").write_bytes(b"no font")

    assert "house.ttf is no font" in refused(tmp_path, "fonts: [house.ttf]")


def test_fonts_are_of_one_family_with_the_name_given(tmp_path: Path) -> None:
    mixed = refused(tmp_path, f"fonts: [{DEJAVU}, {BOLD}]")
    other = refused(tmp_path, f"fonts: [{DEJAVU}]\nfamily: House Sans")

    assert "DejaVuSans.ttf is of 'DejaVu Sans'" in mixed
    assert "Name files of one family." in mixed
    assert "line 2: DejaVuSans.ttf is of 'DejaVu Sans'" in other
    assert "write that name instead of 'House Sans'" in other


def test_texts_are_measured_in_the_typeface_of_the_house(tmp_path: Path) -> None:
    look = read(tmp_path, f"fonts: [{DEJAVU}, {DEJAVU_BOLD}]\nfamily: DejaVu Sans")

    assert look.families == ("DejaVu Sans", "Source Sans Pro", "DejaVu Sans")
    assert look.faces()[0] == DEJAVU
    assert look.faces(bold=True)[0] == DEJAVU_BOLD
    # DejaVu is the wider typeface.
    assert measure("Cost", 18, look=look) > 1.1 * measure("Cost", 18)
    assert covered("Größe", look)


def test_a_family_of_one_file_is_measured_with_it_where_text_is_bold(
    tmp_path: Path,
) -> None:
    look = read(tmp_path, f"fonts: {DEJAVU}")

    assert measure("Cost", 18, bold=True, look=look) == measure("Cost", 18, look=look)


def block() -> ChartBlock:
    rows = (ChartRow("Cost", (ChartValue(0.5, "50%", 0.4, 0.6),)),)
    series = (ChartSeries("share"),)
    return ChartBlock("b", "bars", "Title", "Question", series, rows, ("Base",), "Alt")


def test_figures_take_the_look(tmp_path: Path) -> None:
    text = f'colours: {{main: "#B05AA0"}}\nfonts: [{DEJAVU}, {DEJAVU_BOLD}]\n'
    look = read(tmp_path, text)
    boxes = [m for m in charts.layout(block(), look).marks if isinstance(m, Box)]
    texts = charts.draw(block(), look).texts
    page = charts.image(block(), "page", look=look).decode()

    assert [box.fill for box in boxes] == ["#B05AA0"]
    assert {text.get_fontfamily()[0] for text in texts} == {"DejaVu Sans"}
    assert "#B05AA0" in page
    assert "'DejaVu Sans', 'Source Sans Pro'" in page.replace("&#x27;", "'")


@pytest.mark.parametrize("kind", charts.IMAGE_FORMATS)
def test_files_take_the_look(tmp_path: Path, kind: charts.ImageFormat) -> None:
    look = read(tmp_path, f"fonts: [{DEJAVU}, {DEJAVU_BOLD}]")
    made = charts.image(block(), kind, look=look)

    assert made == charts.image(block(), kind, look=look)
    assert made != charts.image(block(), kind)


def test_no_text_keeps_our_ink(tmp_path: Path) -> None:
    look = read(tmp_path, 'colours: {ink: "#401010", muted: "#604040"}')
    drawing = charts.layout(block(), look)

    assert {mark.colour for mark in drawing.marks if isinstance(mark, Words)} == {
        "#401010",
        "#604040",
    }


def test_a_logo_is_kept_as_it_is(tmp_path: Path) -> None:
    drawing = SVG.format('<style>a{fill:url(#b)}</style><use href="#a"/>').encode()
    (tmp_path / "logo.svg").write_bytes(drawing)
    picture = charts.image(block(), "png")
    (tmp_path / "logo.png").write_bytes(picture)

    assert read(tmp_path, "logo: logo.svg").logo == drawing
    assert read(tmp_path, "logo: logo.svg").logo_kind == "svg"
    assert read(tmp_path, "logo: logo.png").logo == picture
    assert read(tmp_path, "logo: logo.png").logo_kind == "png"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<g><SCRIPT/></g>", "<SCRIPT>"),
        ('<rect onload="alert(1)"/>', "onload='alert(1)'"),
        ('<image href="http://example.org/a.png"/>', "href='http"),
        ('<image href="other.png"/>', "href='other.png'"),
        (
            '<use xmlns:x="http://www.w3.org/1999/xlink" x:href="a.svg#b"/>',
            "href='a.svg#b'",
        ),
        ('<a href="javascript:alert(1)"/>', "href='javascript"),
        ('<image href="data:image/svg+xml;base64,AAAA"/>', "href='data:image/svg"),
        ("<style>@import 'a.css';</style>", "a style that refers"),
        ("<style>a{fill:u\\72l(http://a)}</style>", "a style that refers"),
        ('<rect style="fill:url(http://a)"/>', "style='fill:url"),
        ('<rect style="fill:url(/**/ &quot;http://a&quot;)"/>', "style='fill:url"),
        ("<foreignObject/>", "<foreignObject>"),
        ('<set attributeName="href" to="javascript:alert(1)"/>', "<set>"),
    ],
)
def test_an_svg_may_only_draw(tmp_path: Path, body: str, named: str) -> None:
    (tmp_path / "logo.svg").write_text(SVG.format(body), encoding="utf-8")
    said = refused(tmp_path, "scale:\nlogo: logo.svg")

    assert "line 2: logo logo.svg holds more than a drawing" in said
    assert named in said


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('<!DOCTYPE svg SYSTEM "a.dtd">' + SVG.format(""), "has a DOCTYPE or entities"),
        ('<?xml-stylesheet href="a.css"?>' + SVG.format(""), "a style sheet from"),
        ("<html/>", "is neither PNG nor SVG"),
        ("\x89PNG", "is neither PNG nor SVG"),
        (SVG.format("<g>"), "is neither PNG nor SVG"),
    ],
)
def test_other_xml_is_refused(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "logo.svg").write_text(content, encoding="utf-8")

    assert says in refused(tmp_path, "logo: logo.svg")


def test_logos_are_no_larger_than_2_mb(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2_000_000))
    large = refused(tmp_path, "logo: logo.png")
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    broken = refused(tmp_path, "logo: logo.png")

    assert "logo logo.png has 2.0 MB, and 2 MB is the limit" in large
    assert "logo logo.png is a broken PNG" in broken


def typefaces(made: bytes) -> set[str]:
    """Name the typefaces that a PDF embeds."""
    reader = PdfReader(BytesIO(made))
    size = int(reader.trailer["/Size"])
    objects = (reader.get_object(number) for number in range(1, size))
    named = (one.get("/BaseFont") for one in objects if isinstance(one, dict))
    return {str(name).partition("+")[2].partition("-")[0] for name in named if name}


def test_typst_sets_in_the_typeface_of_the_house(tmp_path: Path) -> None:
    look = read(tmp_path, f"fonts: [{DEJAVU}, {DEJAVU_BOLD}]")

    assert typefaces(charts.image(block(), "pdf", look=look)) == {"DejaVuSans"}


def test_scripts_that_our_first_typeface_lacks_are_set_in_our_second() -> None:
    hebrew = replace(block(), title="\u05e9\u05d0\u05dc\u05d4", alt="Alt")

    assert covered(hebrew.title)
    assert typefaces(charts.image(hebrew, "pdf")) == {"SourceSansPro", "DejaVuSans"}
