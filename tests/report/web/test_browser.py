"""The page in headless Chromium: what a reader can do with it."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from survey.report.document import Report
from survey.report.web.html import html

HOSTILE = (
    "</script><img src=x onerror='window.hit=1'><script>window.hit=1</script> עברית 😀"
)
DESKTOP, PHONE = (1280, 900), (360, 740)
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
ARTEFACTS = os.environ.get("SURVEY_ARTEFACTS", "")

pytestmark = pytest.mark.skipif(
    not (BROWSER and DRIVER), reason="chromium or chromedriver is not installed"
)


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    """One browser without a network."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.binary_location = str(BROWSER)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = Service(executable_path=DRIVER)
    browser = webdriver.Chrome(options=options, service=service)
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0},
    )
    # Scrolling would take its time.
    features = [{"name": "prefers-reduced-motion", "value": "reduce"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    yield browser
    browser.quit()


@pytest.fixture
def show(driver: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Open a report; afterwards the console must be empty."""

    def opened(
        report: Report,
        pictures: dict[str, bytes] | None = None,
        size: tuple[int, int] = DESKTOP,
    ) -> Any:
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1}
        mobile = {**metrics, "mobile": size == PHONE}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", mobile)
        path = tmp_path / "report.html"
        path.write_bytes(html(report, pictures))
        driver.get(path.as_uri())
        return driver

    yield opened
    assert driver.get_log("browser") == []


@pytest.fixture
def page(show: Callable[..., Any], small: Report, pictures: dict[str, bytes]) -> Any:
    """The small report on a wide screen."""
    return show(small, pictures)


def run(page: Any, script: str) -> Any:
    return page.execute_script(f"return {script}")


def labels(page: Any) -> list[str]:
    return list(
        run(
            page,
            "[...document.querySelectorAll('#table-1 tbody tr:not([hidden])')]"
            ".map(row => row.cells[0].textContent)",
        )
    )


def heads(page: Any, row: str = "heads") -> list[str]:
    return list(
        run(
            page,
            f"[...document.querySelectorAll('#table-1 .{row} > *')].slice(1)"
            ".filter(cell => !cell.hidden).map(cell => cell.textContent.trim())",
        )
    )


def cells(page: Any, label: str) -> list[str]:
    found = run(
        page,
        "Object.fromEntries([...document.querySelectorAll('#table-1 tbody tr')].map("
        "row => [row.cells[0].textContent, [...row.cells].slice(1)"
        ".filter(cell => !cell.hidden).map(cell => cell.innerText)]))",
    )
    return list(found[label])


def click(page: Any, selector: str) -> None:
    page.find_element("css selector", selector).click()


def press(page: Any, *keys: str) -> None:
    from selenium.webdriver import ActionChains

    ActionChains(page).send_keys(*keys).perform()


def copied(page: Any) -> list[str]:
    """Copy the first table where the clipboard is denied, and read the text box."""
    page.execute_script(
        "Object.defineProperty(navigator, 'clipboard', "
        "{value: {writeText: () => Promise.reject(new Error('denied'))}})"
    )
    click(page, "#page-barriers .tools button")
    box = page.find_element("css selector", ".by-hand textarea")
    assert run(page, "document.activeElement.tagName") == "TEXTAREA"
    return str(box.get_property("value")).split("\n")


ORDER = ["Base", "Weighted base", "Any (net)", "Cost", "=Skills, and time", "Law"]
FIRST = "#table-1 .heads th:nth-child(2)"


def test_a_head_sorts_the_categories_only(page: Any) -> None:
    assert labels(page) == ORDER
    click(page, f"{FIRST} button")
    assert labels(page)[3:] == ["=Skills, and time", "Cost", "Law"]
    assert labels(page)[:3] == ORDER[:3]
    assert run(page, f"document.querySelector('{FIRST}').ariaSort") == "descending"
    click(page, f"{FIRST} button")
    assert labels(page)[3:] == ["Law", "Cost", "=Skills, and time"]
    assert run(page, f"document.querySelector('{FIRST}').ariaSort") == "ascending"
    click(page, f"{FIRST} button")
    assert labels(page) == ORDER
    assert run(page, f"document.querySelector('{FIRST}').ariaSort") == "none"


def test_labels_and_hidden_columns_sort_too(page: Any) -> None:
    click(page, "#table-1 .heads th:first-child button")
    assert labels(page)[3:] == ["=Skills, and time", "Cost", "Law"]
    click(page, "#table-1 .heads th:nth-child(7) button")
    assert labels(page) == ORDER


def test_one_banner_question_stands_beside_total(page: Any) -> None:
    click(page, "#banner option[value='Region']")
    assert heads(page) == ["Total", "95% interval", "Europe A", "Other B"]
    assert heads(page, "groups") == ["", "Region"]
    assert cells(page, "Cost") == ["41%", "30–50%", "4%", "**"]
    click(page, "#banner option[value='']")
    assert len(heads(page)) == 6


def test_numbers_without_weights(page: Any) -> None:
    click(page, "[data-view='plain']")
    assert heads(page) == ["Total", "Small A", "Large B", "Europe A", "Other B"]
    assert cells(page, "Cost") == ["38%", "29%", "50%", "5%", "**"]
    assert cells(page, "=Skills, and time")[1] == "60%*"
    assert "Weighted base" not in labels(page)
    assert "stay weighted" in page.find_element("id", "plain-note").text
    assert "weighted numbers" in page.find_element("css selector", "figcaption").text
    # Without weights law is first: 44, 38, 20.
    click(page, f"{FIRST} button")
    assert labels(page)[2:] == ["Law", "Cost", "=Skills, and time"]
    click(page, "[data-view='weighted']")
    assert cells(page, "Cost") == ["41%", "30–50%", "30%", "52% A", "4%", "**"]
    assert labels(page) == ORDER
    pressed = "document.querySelector(\"[data-view='weighted']\").ariaPressed"
    assert run(page, pressed) == "true"


def test_a_table_is_copied_as_it_is_seen(page: Any) -> None:
    click(page, "#banner option[value='Size']")
    click(page, f"{FIRST} button")
    assert copied(page) == [
        ",Total,95% interval,Size: Small (A),Marks,Size: Large (B),Marks",
        "Base,200,,120,,80,",
        "Weighted base,200,,140,,60,",
        "Any (net),70%,30–50%,71%,,69%,",
        '"\'=Skills, and time",63%,30–50%,61%,*,60%,',
        "Cost,41%,30–50%,30%,,52%,A",
        "Law,9%,30–50%,8%,,7%,",
        "",
    ]


def test_german_tables_have_semicolons(
    show: Callable[..., Any], small: Report, pictures: dict[str, bytes]
) -> None:
    page = show(replace(small, language="de"), pictures)
    lines = copied(page)
    assert lines[0].startswith(";Total;95% interval;Size: Small (A);Zeichen;")
    assert lines[5].startswith("'=Skills, and time;63%;30–50%;61%;*;")


def test_the_clipboard_gets_the_same_text(page: Any) -> None:
    page.execute_script(
        "Object.defineProperty(navigator, 'clipboard', "
        "{value: {writeText: text => { window.kept = text; }}})"
    )
    click(page, "#page-barriers .tools button")
    kept = run(page, "window.kept")
    assert kept.startswith(",Total,95% interval,Size: Small (A),Marks")
    assert not page.find_elements("css selector", ".by-hand")


def test_pages_are_searched(page: Any) -> None:
    page.find_element("id", "search").send_keys("raked")
    shown = "[...document.querySelectorAll('article:not([hidden])')].map(a => a.id)"
    assert run(page, shown) == ["page-notes"]
    assert page.find_element("id", "found").text == "1 of 3 pages"
    entries = page.find_elements("css selector", ".menu li")
    assert [entry.text for entry in entries if entry.is_displayed()] == ["Method"]


def test_keys_are_enough(page: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    press(page, Keys.TAB)
    assert run(page, "document.activeElement.className") == "skip"
    press(page, Keys.ENTER)
    assert run(page, "document.activeElement.id") == "content"
    seen = []
    for _ in range(40):
        press(page, Keys.TAB)
        seen.append(run(page, "document.activeElement.textContent"))
        if seen[-1] == "Total":
            break
    press(page, Keys.ENTER)
    assert labels(page)[3] == "=Skills, and time"
    while run(page, "document.activeElement.tagName") != "TD":
        press(page, Keys.TAB)
    tip = page.find_element("id", "tip")
    press(page, Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert tip.text.startswith("Cost: 41%\nTotal\nBarriers: everyone asked.")
    assert run(page, "document.activeElement.getAttribute('aria-describedby')") == "tip"
    press(page, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert tip.text.startswith("Cost: 52% A\nSize: Large")
    assert tip.text.endswith("Letters: higher than in the column of that letter.")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert run(page, outline) == "solid"
    press(page, Keys.ESCAPE)
    assert not tip.is_displayed()


def test_a_tap_says_how_a_number_was_made(page: Any) -> None:
    click(page, "#table-1 tbody tr:nth-child(4) td:nth-child(4)")
    tip = page.find_element("id", "tip")
    assert tip.is_displayed()
    assert "Size: Small" in tip.text
    click(page, "h1")
    assert not tip.is_displayed()


def test_a_phone_scrolls_tables_only(
    show: Callable[..., Any], report: Report, with_label: Callable[[str], Report]
) -> None:
    for shown in (report, with_label("a" * 400), with_label(HOSTILE)):
        page = show(shown, size=PHONE)
        root = "document.documentElement"
        assert run(page, f"{root}.scrollWidth <= {root}.clientWidth")
        assert run(page, f"{root}.clientWidth") == PHONE[0]
    page = show(report, size=PHONE)
    stays = run(
        page,
        "[...document.querySelectorAll('.scroll')].some(box => { box.scrollLeft = 80; "
        "const head = box.querySelector('tbody th'); return box.scrollLeft === 80 && "
        "Math.abs(head.getBoundingClientRect().left - box.getBoundingClientRect().left)"
        " < 1; })",
    )
    assert stays


def test_nothing_is_fetched(show: Callable[..., Any], report: Report) -> None:
    page = show(report)
    loaded = run(page, "performance.getEntriesByType('resource').map(e => e.name)")
    assert [name for name in loaded if not name.startswith("data:")] == []
    page.execute_async_script("document.fonts.ready.then(() => arguments[0]())")
    faces = run(page, "[...document.fonts].map(face => face.family + face.status)")
    assert set(faces) == {"Source Sans Proloaded"}


def test_labels_do_not_run(
    show: Callable[..., Any],
    with_label: Callable[[str], Report],
    pictures: dict[str, bytes],
) -> None:
    page = show(with_label(HOSTILE), pictures)
    for head in page.find_elements("css selector", ".heads button"):
        page.execute_script("arguments[0].click()", head)
    click(page, "#table-1 td")
    click(page, "#banner option:nth-child(2)")
    assert run(page, "window.hit === undefined")
    assert HOSTILE.split(maxsplit=1)[0] in page.find_element("css selector", "h1").text


def test_a_page_without_script_is_whole(
    driver: Any, show: Callable[..., Any], small: Report, pictures: dict[str, bytes]
) -> None:
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page = show(small, pictures)
        assert (
            page.find_element("id", "table-1").text.splitlines()[-1].startswith("Law")
        )
        assert not page.find_element("id", "controls").is_displayed()
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.skipif(not ARTEFACTS, reason="SURVEY_ARTEFACTS names no folder")
def test_screenshots_are_kept(show: Callable[..., Any], english: Report) -> None:
    folder = Path(ARTEFACTS)
    folder.mkdir(parents=True, exist_ok=True)
    for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page = show(english, size=size)
        assert page.save_screenshot(str(folder / f"report-{name}.png"))
