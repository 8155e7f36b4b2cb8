"""The command line: folders, exit codes, and one message for every bad input."""

import json
import re
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner, Result

from survey.cli import main

EXPORTS = Path(__file__).parents[2] / "shared" / "exports"
COMMANDS = ("analyze", "check", "compare", "new", "weight", "convert")
HEAVY = ("pandas", "numpy", "matplotlib", "yaml", "survey.analysis")
ALWAYS = {"results.csv", "results.parquet", "findings.csv", "run.json"}
ANSWERS = {
    "id": [str(i) for i in range(120)],
    "size": ["1"] * 60 + ["2"] * 60,
    "stage": ["1", "2", "3"] * 40,
}
QUESTIONS = [
    {
        "id": "size",
        "kind": "single",
        "label": "Size",
        "categories": [{"code": 1, "label": "Small"}, {"code": 2, "label": "Large"}],
    },
    {
        "id": "stage",
        "kind": "single",
        "label": "Stage",
        "categories": [
            {"code": 1, "label": "None"},
            {"code": 2, "label": "Pilot"},
            {"code": 3, "label": "In production"},
        ],
    },
]
TARGETS = {"population": "firms", "source": "us", "as_of": 2024, "unit": "firms"}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def refused(*arguments: object) -> str:
    """Run a command that cannot work, and give its one message."""
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("Error: ") == 1
    assert "Traceback" not in result.stderr
    return result.stderr.removeprefix("Error: ")


@pytest.fixture
def tiny(make_study: Callable[..., Path]) -> Path:
    return make_study(ANSWERS, QUESTIONS, banner=["size"])


def png() -> bytes:
    """Make a real image of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00\x00")
    parts = chunk(b"IHDR", head), chunk(b"IDAT", pixels), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_help_has_an_example_and_imports_nothing_slow(command: tuple[str, ...]) -> None:
    code = (
        "import sys\n"
        "from survey.cli import main\n"
        f"main([*{command!r}, '--help'], standalone_mode=False)\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    shown, loaded = made.stdout.split("LOADED")
    assert loaded.strip() == "[]"
    example = f"  survey {command[0] if command else 'analyze'} "
    assert example in shown
    assert made.stderr == ""


def test_the_installed_command_answers() -> None:
    command = shutil.which("survey", path=str(Path(sys.executable).parent))
    if command is None:
        pytest.skip("the package is not installed beside this Python")
    made = subprocess.run(
        [command, "analyze", "nowhere.csv"], capture_output=True, text=True, check=False
    )
    assert made.returncode == 1
    assert made.stdout == ""
    assert made.stderr.startswith("Error: ")
    assert made.stderr.count("\n") == 1
    wrong = subprocess.run(
        [command, "analyse"], capture_output=True, text=True, check=False
    )
    assert wrong.returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [("analyze",), ("nothing",), ("analyze", "x.csv", "--language", "fr")],
)
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_study_gives_its_folder(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("analyze", tiny, "-o", out)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    figures = {f"figures/{q}.{k}" for q in ("size", "stage") for k in ("png", "svg")}
    figures |= {f"figures/{q}.pdf" for q in ("size", "stage")}
    made = {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()}
    assert made == ALWAYS | figures | {
        "report.pdf",
        "report.html",
        "slides.pptx",
        "tables.xlsx",
    }
    assert "1: 120 records read, 120 used" in result.stdout
    assert "Findings on the data: 0 errors, 0 warnings, 0 notes" in result.stdout
    assert str(out / "report.pdf") in result.stdout


def test_a_bare_export_goes_to_a_folder_of_its_name(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny.parent)
    result = run("analyze", "wave.csv", "-f", "csv")
    assert result.exit_code == 0, result.output
    folder = tiny.parent / "reports" / "wave"
    assert {p.name for p in folder.iterdir()} == ALWAYS
    results = pd.read_csv(folder / "results.csv", dtype={"code": str})
    total = results[(results["question"] == "stage") & results["banner"].isna()]
    assert total["count"].tolist() == [40, 40, 40]
    data = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert data["waves"][0]["records_used"] == 120
    assert str(tiny.parent) not in (folder / "run.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["_wave.csv", "Größe 2024.csv", "..csv", "=1+1.csv"])
def test_any_file_name_gives_a_folder(
    tiny: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny.parent)
    shutil.copy(tiny.parent / "wave.csv", tiny.parent / name)
    result = run("analyze", name, "-f", "csv")
    assert result.exit_code == 0, result.output
    folders = list((tiny.parent / "reports").iterdir())
    assert len(folders) == 1
    assert folders[0].name[0].isalnum()
    assert (folders[0] / "results.csv").exists()


def test_the_same_run_twice_gives_the_same_bytes(tiny: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        made = run("analyze", tiny, "-o", tmp_path / name, "-f", "csv", "-f", "xlsx")
        assert made.exit_code == 0
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "empty"),
        ("blank.csv", b"\n \n", "empty"),
        (
            "pointer.csv",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 123\n",
            "git lfs pull",
        ),
        ("image.csv", png(), "a PNG image"),
        ("page.csv", b"<!DOCTYPE html><html></html>", "a web page"),
        ("wave.docx", b"x", "are not read"),
        ("head.csv", b"id,q1\n", ""),
    ],
)
def test_files_that_are_no_export(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    message = refused("analyze", path, "-o", tmp_path / "out")
    assert name in message
    assert says in message
    assert refused("check", path) == message
    assert refused("new", path, "-o", tmp_path / "new.yaml") == message


def test_a_zip_that_calls_itself_csv(tmp_path: Path) -> None:
    path = tmp_path / "wave.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.csv", "a,b\n1,2\n")
    assert "a zip archive" in refused("analyze", path)


def test_no_such_file_and_a_folder(tmp_path: Path) -> None:
    assert "no such file" in refused("analyze", tmp_path / "none.csv")
    assert "no such file" in refused("analyze", tmp_path / "none.study.yaml")
    assert "folder" in refused("analyze", tmp_path)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_a_truncated_sav(root: Path, tmp_path: Path, share: float) -> None:
    data = (root / "data" / "wave-2024.sav").read_bytes()
    path = tmp_path / "wave.sav"
    path.write_bytes(data[: int(len(data) * share)])
    message = refused("analyze", path)
    assert "wave.sav: the SPSS file cannot be read" in message
    assert "cut off or damaged: fetch it again" in message


def test_a_summary_of_surveymonkey(tmp_path: Path) -> None:
    path = tmp_path / "summary.csv"
    path.write_text(
        "Does your organisation use generative AI?,,\n"
        "Answer Choices,Responses,\n"
        "Yes,62.50%,50\nNo,37.50%,30\n,Answered,80\n,Skipped,4\n",
        encoding="utf-8",
    )
    message = refused("analyze", path)
    assert "summary" in message.lower()
    assert "ndividual" in message


def test_a_real_summary_among_exports(tmp_path: Path) -> None:
    path = (
        EXPORTS / "cncf" / "maintainer" / "CNCF_Maintainers_Survey_2020_H2_Summary.csv"
    )
    if not path.exists():
        pytest.skip("../shared/exports is not there")
    assert "summary" in refused("analyze", path).lower()


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("- code: 2\n    label: Large", "- code: 1\n    label: Large", 10, "twice"),
        ("label: Size", "lable: Size\n  label: Size", 6, "unknown key 'lable'"),
        ("label: Stage", "asked_if: sise == 1\n  label: Stage", 14, "'sise'"),
        ("label: Stage", "asked_if: stage == 1\n  label: Stage", 14, "Put it in front"),
        ("  kind: single", "\tkind: single", 5, "a tab"),
    ],
)
def test_a_questionnaire_with_a_mistake(
    tiny: Path, tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    path = tmp_path / "tiny.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    message = refused("analyze", tiny)
    assert "tiny.yaml, line " in message
    at = int(message.split("line ")[1].split(":")[0])
    shown = path.read_text(encoding="utf-8").splitlines()[at - 1]
    assert shown.strip() in new or new.strip().startswith(shown.strip())
    assert abs(at - line) <= 1
    assert says in message


def weighted(
    make_study: Callable[..., Path], folder: Path, margins: dict[str, dict[int, float]]
) -> Path:
    text = yaml.safe_dump({**TARGETS, "margins": margins})
    (folder / "targets.yaml").write_text(text, encoding="utf-8")
    plan = {"targets": "targets.yaml", "margins": list(margins)}
    answers = {**ANSWERS, "stage": ["1"] * 60 + ["2"] * 60}
    return make_study(answers, QUESTIONS, weighting=plan)


def test_margins_that_contradict_each_other(
    make_study: Callable[..., Path], tmp_path: Path
) -> None:
    margins = {"size": {1: 0.5, 2: 0.5}, "stage": {1: 0.9, 2: 0.1}}
    message = refused("analyze", weighted(make_study, tmp_path, margins))
    assert re.search(r"wave '.+' \(.+\.csv\): margin '(stage|size)'", message)
    assert "'stage'" in message or "'size'" in message


def test_a_target_for_a_category_nobody_chose(
    make_study: Callable[..., Path], tmp_path: Path
) -> None:
    margins = {"stage": {1: 0.4, 2: 0.4, 3: 0.2}}
    message = refused("analyze", weighted(make_study, tmp_path, margins))
    assert "'stage'" in message
    assert "never answered: '3'" in message or "'3'" in message


def test_a_base_weight_that_is_not_there(
    make_study: Callable[..., Path], tmp_path: Path
) -> None:
    path = weighted(make_study, tmp_path, {"size": {1: 0.5, 2: 0.5}})
    study = yaml.safe_load(path.read_text(encoding="utf-8"))
    study["weighting"]["base_weight"] = "weight"
    path.write_text(yaml.safe_dump(study), encoding="utf-8")
    assert "no column 'weight'" in refused("analyze", path)


@pytest.mark.parametrize("where", ["taken", "taken/below"])
def test_an_output_folder_that_is_a_file(
    tiny: Path, tmp_path: Path, where: str
) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    message = refused("analyze", tiny, "-o", tmp_path / where)
    assert "is a file" in message
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_an_output_folder_where_nobody_may_write(tiny: Path) -> None:
    if not Path("/proc/self").is_dir():
        pytest.skip("there is no /proc")
    assert "/proc/reports" in refused("analyze", tiny, "-o", "/proc/reports")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--banner", "region"), "no question 'region'. Questions: 'size', 'stage'"),
        (("--wave", "7"), "no wave '7'. Waves: '1'"),
        (("--layout", "limesurvey"), "under the wave"),
        (("-f", "docx"), "docx"),
    ],
)
def test_options_that_a_study_cannot_follow(
    tiny: Path, options: tuple[str, str], says: str
) -> None:
    assert says in refused("analyze", tiny, *options)


def test_options_that_an_export_cannot_follow(tiny: Path) -> None:
    export = tiny.parent / "wave.csv"
    assert "no question 'region'" in refused("analyze", export, "--banner", "region")
    assert "no waves" in refused("analyze", export, "--wave", "2023")
    assert "no layout 'excel'" in refused("analyze", export, "--layout", "excel")


def test_problems_of_the_data_are_findings_shown_together(
    make_study: Callable[..., Path], tmp_path: Path
) -> None:
    answers = {**ANSWERS, "size": ["1"] * 59 + ["7"] + ["2"] * 60}
    answers["id"] = [*answers["id"][:-1], "0"]
    routed = [QUESTIONS[0], {**QUESTIONS[1], "asked_if": "size == 1"}]
    known = {"paradata": {"respondent": "id"}}
    path = make_study(answers, routed, instrument=known)
    result = run("check", path)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "size: 1 answer in column 'size' is not in the" in result.stdout
    assert "stage: 61 records answer 'stage' although its routing" in result.stdout
    assert "1 of 120 records: repeated from another record" in result.stdout
    assert "0 errors, 4 warnings" in result.stdout
    analysed = run("analyze", path, "-o", tmp_path / "out", "-f", "csv")
    assert analysed.exit_code == 0
    found = pd.read_csv(tmp_path / "out" / "findings.csv")
    counted = found.set_index("check")["count"]
    assert counted["unknown_code"] == 1
    assert counted["routing_broken"] == 61


def test_check_fails_where_numbers_are_wrong(make_study: Callable[..., Path]) -> None:
    more = {**QUESTIONS[0], "id": "sector"}
    path = make_study(ANSWERS, [*QUESTIONS, more])
    result = run("check", path)
    assert result.exit_code == 1
    assert "No column of wave.csv holds question 'sector'" in result.stdout
    assert result.stderr == ""


def test_check_names_the_wave(make_study: Callable[..., Path]) -> None:
    answers = {**ANSWERS, "size": ["7"] + ["1"] * 119}
    path = make_study(answers, QUESTIONS)
    study = yaml.safe_load(path.read_text(encoding="utf-8"))
    study["waves"].append({**study["waves"][0], "id": "2"})
    path.write_text(yaml.safe_dump(study), encoding="utf-8")
    lines = run("check", path).stdout.splitlines()
    assert [line.split(":")[0].split()[1] for line in lines[:2]] == ["1", "2"]


@pytest.mark.parametrize("name", ["wave.csv", "_Größe.csv"])
def test_new_writes_files_that_run_unchanged(
    tiny: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if name != "wave.csv":
        shutil.move(tmp_path / "wave.csv", tmp_path / name)
    result = run("new", name)
    assert result.exit_code == 0, result.output
    study = Path(result.stdout.splitlines()[1].removeprefix("wrote "))
    drafted = run("analyze", study, "-o", "drafted", "-f", "csv")
    assert drafted.exit_code == 0, drafted.output
    assert run("analyze", name, "-o", "bare", "-f", "csv").exit_code == 0
    both = [
        pd.read_csv(Path(f) / "results.csv", dtype=str, keep_default_na=False)
        for f in ("drafted", "bare")
    ]
    # The drafted study proposes a banner, and a bare export has none.
    totals = [table[table["banner"] == ""].drop(columns="wave") for table in both]
    assert len(totals[0]) > 0
    pd.testing.assert_frame_equal(*(t.reset_index(drop=True) for t in totals))


def test_new_does_not_overwrite(tiny: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine" / "q.yaml"
    export = tmp_path / "wave.csv"
    assert run("new", export, "-o", path).exit_code == 0
    path.write_text("edited", encoding="utf-8")
    message = refused("new", export, "-o", path)
    assert "--force" in message
    assert path.read_text(encoding="utf-8") == "edited"
    assert run("new", export, "-o", path, "--force").exit_code == 0
    assert path.read_text(encoding="utf-8") != "edited"
    assert "cannot be written" in refused("new", export, "-o", export / "q.yaml")


def test_check_writes_its_list(tiny: Path, tmp_path: Path) -> None:
    place = tmp_path / "found.json"
    result = run("check", tiny, "-o", place)
    assert result.exit_code == 0
    assert result.stdout.endswith(f"wrote {place}\n")
    assert json.loads(place.read_text(encoding="utf-8")) == []
    assert "'.csv', '.json'" in refused("check", tiny, "-o", tmp_path / "found.txt")


def test_compare_says_what_changed(root: Path, tmp_path: Path) -> None:
    study = root / "questionnaires" / "genai-adoption.study.yaml"
    place = tmp_path / "contract.csv"
    result = run("compare", study, "-o", place)
    assert result.exit_code == 0, result.output
    assert "2025 against 2024\n" in result.stdout
    assert "  control: not comparable\n" in result.stdout
    kinds = set(pd.read_csv(place)["change"])
    assert {"scale_changed", "reused_id", "routing_changed", "options_added"} <= kinds


def test_verify_fails_where_a_cell_moved(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("analyze", tiny, "-f", "csv").exit_code == 0
    folder = tmp_path / "reports" / "tiny"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    same = run("analyze", tiny, "--verify", folder)
    assert (same.exit_code, same.stdout) == (
        0,
        f"Every cell of {folder} came out again.\n",
    )

    answers = {**ANSWERS, "stage": ["3"] * 30 + ANSWERS["stage"][30:]}
    pd.DataFrame(answers).to_csv(tmp_path / "wave.csv", index=False)
    moved = run("analyze", tiny, "--verify", folder)
    assert moved.exit_code == 1
    assert "do not come out again" in moved.stdout
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before

    assert run("analyze", tiny, "-f", "csv").exit_code == 0
    log = pd.read_csv(folder / "restatement.csv", dtype={"code": str})
    assert set(log["status"]) == {"moved"}
    share = log[(log["code"] == "3") & (log["point"] == "Total")].iloc[0]
    assert share["published"] == pytest.approx(40 / 120)
    assert share["restated"] == pytest.approx(60 / 120)


def test_a_style_and_a_template_are_read_before_the_work(
    tiny: Path, tmp_path: Path
) -> None:
    style = tmp_path / "house.yaml"
    style.write_text("colours: {accent: red}\n")
    assert "house.yaml, line 1" in refused("analyze", tiny, "--style", style)
    assert "house.yaml" in refused("analyze", tiny, "--template", style)
    assert "none.potx" in refused("analyze", tiny, "--template", tmp_path / "none.potx")

    style.write_text('colours: {accent: "#7A1F5C"}\n')
    done = run("analyze", tiny, "--style", style, "-f", "html", "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "#7A1F5C" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_an_edited_table_is_told(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("analyze", tiny, "-f", "xlsx")
    (tmp_path / "reports" / "tiny" / "tables.xlsx").write_bytes(b"mine")
    result = run("analyze", tiny, "-f", "xlsx")
    kept = Path("reports") / "tiny" / "tables.edited.xlsx"
    assert f"Edited by hand, and kept beside the new one: {kept}" in result.stdout
    assert kept.read_bytes() == b"mine"
