"""survey weight: weights equal those of the library, in files that stay whole."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner, Result

import survey
from survey.cli import main
from survey.errors import SurveyError, WeightingError
from survey.weighted_files.weight_file import WeightedFile, summary, weight_file
from survey.weighting.calibrate import calibrate
from survey.weighting.diagnostics import deff_kish, effective_base
from survey.weighting.trim import trim_weights

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "data" / "targets" / "genai-population.yaml"
PEW = ROOT.parent / "shared" / "exports" / "pew_pewmethods"
ABOUT = {"population": "firms", "source": "register", "as_of": 2024, "unit": "firms"}
FIRMS = """id,size,staff,w
1,s,1,1
2,s,2,1
3,s,3,1
4,l,50,2
5,l,30,1
6,,20,1
"""
HALF = {"size": {"s": 0.5, "l": 0.5}}
# Answers of the wave of 2023 are labels, and its columns have no names.
SIZES = [
    "Under 10 employees",
    "10 to 249 employees",
    "250 to 9,999 employees",
    "10,000 employees or more",
]
REGIONS = ["Americas", "Europe", "Asia-Pacific", "Rest of the world"]


def bands(column: str, labels: list[str], **more: object) -> dict[str, object]:
    """Map the labels of a column to targets 1, 2 and so on."""
    made = [{"targets": [k], "codes": [label]} for k, label in enumerate(labels, 1)]
    return {"column": column, "bands": made, **more}


MAPPINGS = {
    "wave-2023.csv": {
        "size": bands("q1", SIZES, missing_codes=["Don't know"]),
        "region": bands("q3", REGIONS),
    },
    "wave-2024.sav": {"size": {"missing_codes": [9]}},
}


def target_file(path: Path, **keys: object) -> Path:
    text = yaml.safe_dump({**ABOUT, **keys}, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def firms(tmp_path: Path) -> Path:
    path = tmp_path / "firms.csv"
    path.write_text(FIRMS, encoding="utf-8")
    target_file(tmp_path / "targets.yaml", margins=HALF)
    return path


def weighted(export: Path, **choices: object) -> WeightedFile:
    folder = export.parent
    return weight_file(
        export, folder / "targets.yaml", folder / "weighted.csv", **choices
    )


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["weight", *(str(a) for a in arguments)])


def shipped(tmp_path: Path, mapping: Mapping[str, object]) -> Path:
    """Write the shipped targets with a mapping."""
    targets = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    return target_file(tmp_path / "targets.yaml", **{**targets, "mapping": mapping})


def shares(name: str) -> dict[str, float]:
    targets = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))["margins"][name]
    return {str(code): share for code, share in targets.items()}


@pytest.mark.parametrize("file", MAPPINGS)
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".sav"])
def test_the_shipped_waves_have_the_weights_of_rake(
    file: str, suffix: str, tmp_path: Path
) -> None:
    source = ROOT / "data" / file
    raw = survey.read(source)
    size, region = ("q1", "q3") if file == "wave-2023.csv" else ("size", "region")
    known = dict(zip(SIZES + REGIONS, "12341234", strict=True))
    codes = pd.DataFrame(
        {
            "size": pd.to_numeric(raw.frame[size].replace(known), errors="coerce"),
            "region": pd.to_numeric(raw.frame[region].replace(known)),
        }
    )
    codes = codes[codes["size"].between(1, 4)]
    expected = survey.rake(codes, {"size": shares("size"), "region": shares("region")})
    output = tmp_path / f"weighted{suffix}"
    done = weight_file(
        source, shipped(tmp_path, MAPPINGS[file]), output, missing="exclude"
    )
    found = written_weight(output)
    assert np.flatnonzero(found).tolist() == codes.index.tolist()
    np.testing.assert_allclose(found[codes.index], expected.weight, rtol=1e-12, atol=0)
    assert done.records == len(raw.frame) == len(found)
    assert [finding.count for finding in done.findings] == [len(found) - len(codes)]


def written_weight(path: Path) -> np.ndarray:
    """Read the last column of a file."""
    frame = (
        pd.read_parquet(path) if path.suffix == ".parquet" else survey.read(path).frame
    )
    assert frame.columns[-1] == "weight"
    return frame["weight"].to_numpy(dtype=float)


@pytest.mark.skipif(not PEW.is_dir(), reason="the Pew excerpt is not there")
def test_pew_meets_the_margins_of_the_acs_from_the_exports(tmp_path: Path) -> None:
    population = pd.read_csv(PEW / "acs_2017_excerpt.csv")
    names = ["sex", "recage", "receduc"]
    sums = {name: population.groupby(name)["weight"].sum() for name in names}
    targets = target_file(
        tmp_path / "acs.yaml",
        margins={name: each.to_dict() for name, each in sums.items()},
        mapping={name: {"missing_codes": ["DK/Ref"]} for name in names},
    )
    source, output = PEW / "dec13_excerpt.csv", tmp_path / "pew.csv"
    weight_file(
        source, targets, output, base_weight="weight", missing="exclude", name="raked"
    )
    frame = pd.read_csv(output)
    known = frame[~(frame[names] == "DK/Ref").any(axis=1)]
    assert (frame["raked"] == 0).sum() == len(frame) - len(known) > 0
    for name, each in sums.items():
        found = known.groupby(name)["raked"].sum() / known["raked"].sum()
        pd.testing.assert_series_equal(
            found, each / each.sum(), check_names=False, rtol=0, atol=1e-10
        )
    expected = survey.rake(
        known,
        {name: each.to_dict() for name, each in sums.items()},
        base_weight="weight",
    )
    np.testing.assert_allclose(known["raked"], expected.weight, rtol=1e-12, atol=0)


def test_pspp_weights_by_the_new_column(tmp_path: Path) -> None:
    if shutil.which("pspp") is None:
        pytest.skip("PSPP is not installed")
    targets = shipped(tmp_path, MAPPINGS["wave-2024.sav"])
    output = tmp_path / "weighted.sav"
    weight_file(ROOT / "data" / "wave-2024.sav", targets, output, missing="exclude")
    script = tmp_path / "frequencies.sps"
    script.write_text("GET FILE='weighted.sav'.\nFREQUENCIES size.\n", encoding="utf-8")
    done = subprocess.run(
        ["pspp", script.name, "-O", "format=csv"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split(",") for line in done.stdout.splitlines() if "employees" in line]
    # PSPP prints percents with one decimal.
    assert [row[-2] for row in rows if "%" in row[-2]] == [
        f"{100 * share:.1f}%" for share in shares("size").values()
    ]


def test_weights_by_hand(firms: Path) -> None:
    done = weighted(firms, missing="exclude", base_weight="w")
    # Base weights 1, 1, 1 and 2, 1: a sixth each against a third and a sixth, which
    # is half and half already; five respondents with mean 1 are 5/6 and 10/6.
    expected = [5 / 6, 5 / 6, 5 / 6, 10 / 6, 5 / 6, 0]
    assert done.weighting.weight.tolist() == pytest.approx(expected, rel=1e-12)
    lines = done.path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "id,size,staff,w,weight"
    assert [line.rpartition(",")[0] for line in lines] == FIRMS.splitlines()
    assert float(lines[4].rpartition(",")[2]) == pytest.approx(10 / 6, rel=1e-12)
    assert lines[6] == "6,,20,1,0"


def test_all_choices_reach_the_fit(firms: Path) -> None:
    answered = pd.read_csv(firms).dropna(subset="size")
    bounded = weighted(
        firms,
        missing="exclude",
        base_weight="w",
        distance="logit",
        limits=(0.5, 1.5),
        weight_limits=(0.1, 3.0),
        replace=True,
    )
    expected = calibrate(
        answered,
        HALF,
        distance="logit",
        base_weight="w",
        limits=(0.5, 1.5),
        weight_limits=(0.1, 3.0),
    )
    found = bounded.weighting.weight.to_numpy()[:5]
    np.testing.assert_allclose(found, expected.weight, rtol=1e-12, atol=0)
    trimmed = weighted(
        firms, missing="exclude", trim="absolute:1.3", distance="linear", replace=True
    )
    made = calibrate(answered, HALF, distance="linear")
    by_hand = trim_weights(made, upper=1.3, distance="linear")
    found = trimmed.weighting.weight.to_numpy()[:5]
    np.testing.assert_allclose(found, by_hand.weight, rtol=1e-12, atol=0)


def test_totals_of_the_target_file_are_met(firms: Path) -> None:
    target_file(
        firms.parent / "targets.yaml",
        margins={"size": {"s": 60, "l": 40}},
        totals={"staff": 1640},
        population_size=100,
    )
    done = weighted(firms, missing="exclude")
    weight = done.weighting.weight.to_numpy()
    staff = np.array([1, 2, 3, 50, 30, 20])
    assert weight @ staff / weight.sum() == pytest.approx(16.4, abs=1e-8)
    assert weight[:3].sum() / weight.sum() == pytest.approx(0.6, abs=1e-9)
    only = weighted(firms, missing="exclude", margins=["size"], replace=True)
    assert only.weighting.totals == ()
    only = weighted(firms, margins=["staff"], replace=True)
    assert [total.name for total in only.weighting.totals] == ["staff"]
    assert only.weighting.margins == ()


def test_user_missing_values_are_no_answers(tmp_path: Path) -> None:
    import pyreadstat

    source = tmp_path / "firms.sav"
    pyreadstat.write_sav(
        pd.DataFrame({"size": [1.0, 1.0, 2.0, 8.0, 97.0, 98.0]}),
        str(source),
        missing_ranges={"size": [8.0, {"lo": 97.0, "hi": 99.0}]},
    )
    targets = target_file(tmp_path / "targets.yaml", margins={"size": {1: 0.5, 2: 0.5}})
    output = tmp_path / "weighted.sav"
    done = weight_file(source, targets, output, missing="exclude")
    assert survey.read(output).frame["weight"].tolist() == [0.75, 0.75, 1.5, 0, 0, 0]
    assert survey.read(output).frame["size"].tolist() == [1, 1, 2, 8, 97, 98]
    assert survey.read(output).labels["weight"].wording == "Weight: size; register"
    assert [finding.count for finding in done.findings] == [3]


def test_whole_numbers_with_a_point_are_codes(tmp_path: Path) -> None:
    source = tmp_path / "firms.csv"
    source.write_text(
        "size,version\n1.0,1.0\n1.0,1.1\n2.0,1.1\n,1.0\n", encoding="utf-8"
    )
    targets = target_file(
        tmp_path / "targets.yaml",
        margins={"size": {1: 0.5, 2: 0.5}, "version": {"1.0": 0.25, "1.1": 0.75}},
    )
    done = weight_file(source, targets, tmp_path / "out.csv", missing="exclude")
    # 0.75 and 0.75 of size 1, 1.5 of size 2: versions 0.25 and 0.75 of 3 already.
    assert done.weighting.weight.tolist() == pytest.approx([0.75, 0.75, 1.5, 0])
    lines = done.path.read_text(encoding="utf-8").splitlines()
    assert [line.rpartition(",")[0] for line in lines[:3]] == [
        "size,version",
        "1.0,1.0",
        "1.0,1.1",
    ]


def test_the_summary_says_what_was_done(firms: Path) -> None:
    done = weighted(firms, missing="exclude", trim="absolute:4")
    lines = summary(done)
    assert lines[:4] == (
        "Read: firms.csv (utf-8 text, delimiter comma, plain (guess): one header row)",
        "Records: 6, weighted to size",
        "Population: firms",
        "Source: register (as of 2024)",
    )
    # Weights 5/6 three times and 5/4 twice: 25 / (25/12 + 25/8) = 4.8.
    assert "Weights: 0.833 to 1.250, mean 1" in lines
    assert "Design effect 1.04, efficiency 96.0%, effective base 4.8 of 5" in lines
    assert "Records with weight 0: 1" in lines
    assert any(line.startswith("note: 1 of 6 respondents") for line in lines)
    assert any(line.startswith("Step: Trimming") for line in lines)
    assert lines[-1] == f"wrote {done.path}"


def test_the_command_prints_the_summary(firms: Path) -> None:
    output = firms.parent / "weighted.parquet"
    targets = firms.parent / "targets.yaml"
    arguments = [firms, "--targets", targets, "-o", output, "--missing", "own_class"]
    options = ["--name", "w2", "--base-weight", "w", "--margin", "size"]
    result = run(*arguments, *options, "--weight-limits", 0.2, 4)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[1] == "Records: 6, weighted to size"
    assert result.stdout.endswith(f"wrote {output}\n")
    assert pd.read_parquet(output)["w2"].mean() == pytest.approx(1)
    again = run(*arguments, *options)
    assert again.exit_code == 1
    assert "use --force" in again.stderr
    assert run(*arguments, *options, "--force").exit_code == 0


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({}, "1 of 6 respondents"),
        ({"trim": "median"}, "needs upper"),
        ({"trim": "cap:5"}, "trimming 'cap:5' cannot be read"),
        ({"trim": "median:x"}, "trimming 'median:x' cannot be read"),
        ({"trim": "median:4", "limits": (0.5, 2)}, "would not keep the limits"),
        ({"limits": (0.99, 1.01)}, "limit"),
        ({"distance": "chi"}, "distance 'chi' is not known"),
        ({"base_weight": "gone"}, "'gone' is not among the columns"),
        ({"margins": ["sector"]}, "'sector'"),
        ({"name": "staff"}, "has a column 'staff' already"),
        ({"layout": "qualtrix"}, "no layout 'qualtrix'"),
    ],
)
def test_what_cannot_be_done_writes_nothing(
    choices: dict[str, object], message: str, firms: Path
) -> None:
    before = {path: path.read_bytes() for path in firms.parent.iterdir()}
    options = {"missing": "exclude"} if choices else {}
    with pytest.raises(SurveyError, match=message):
        weighted(firms, **options, **choices)
    assert {path: path.read_bytes() for path in firms.parent.iterdir()} == before


def test_a_target_of_zero_needs_a_policy(firms: Path) -> None:
    target_file(firms.parent / "targets.yaml", margins={"size": {"s": 1.0, "l": 0.0}})
    with pytest.raises(WeightingError, match="exclude"):
        weighted(firms, missing="exclude")
    done = weighted(firms, missing="exclude", zero_targets="exclude")
    assert done.weighting.weight.tolist() == [1, 1, 1, 0, 0, 0]


def test_the_inputs_are_never_written(firms: Path) -> None:
    targets = firms.parent / "targets.csv"
    targets.write_text(
        "# population: firms\n# source: register\n# as_of: 2024\n# unit: firms\n"
        "margin,code,target\nsize,s,0.5\nsize,l,0.5\n",
        encoding="utf-8",
    )
    for output in (firms, targets):
        result = run(firms, "-t", targets, "-o", output, "--force")
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: ")
        assert "is never written" in result.stderr
    assert firms.read_text(encoding="utf-8") == FIRMS


def test_help_imports_nothing_slow() -> None:
    code = (
        "import sys\n"
        "from survey.cli import main\n"
        "main(['weight', '--help'], standalone_mode=False)\n"
        "slow = ('pandas', 'numpy', 'yaml')\n"
        "print('LOADED', [name for name in slow if name in sys.modules])\n"
    )
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    shown, loaded = made.stdout.split("LOADED")
    assert loaded.strip() == "[]"
    assert "  survey weight wave.sav" in shown


def test_a_question_that_is_spread_over_columns_is_a_margin(
    root: Path, tmp_path: Path
) -> None:
    targets = tmp_path / "targets.yaml"
    targets.write_text(
        """population: Enterprises
source: Eurostat
as_of: 2023
unit: enterprises
margins: {size: {0-9: 31190636, 10-49: 1571814, 50-249: 248817, 250+: 54256}}
mapping:
  size:
    column: q4
    bands:
      - {targets: [0-9], codes: [1]}
      - {targets: [10-49], codes: [2]}
      - {targets: [50-249], codes: [3]}
      - {targets: [250+], codes: [4, 5, 6, 7]}
""",
        encoding="utf-8",
    )
    export = root / "data" / "ospo-2024-layout.csv"
    made = weight_file(export, targets, tmp_path / "out.csv", missing="exclude")
    weight = made.weighting.weight
    # Sizes 39, 25, 26 and 130 of 220 with a size, to enterprises of the EU.
    assert round(deff_kish(weight), 2) == 5.04
    assert round(effective_base(weight)) == 44
    assert (weight == 0).sum() == 2
