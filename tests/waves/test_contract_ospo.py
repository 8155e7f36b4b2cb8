"""The four real OSPO waves: read, compared, and counted again by hand."""

import csv
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from survey.analysis import _analyse, _task, analyze
from survey.importers.read import read
from survey.responses.bind import bind
from survey.responses.table import Responses
from survey.responses.worded import with_wording
from survey.study.load import LoadedStudy, load_study
from survey.waves.compare import contract_between
from survey.waves.contract import WaveContract
from survey.waves.run import compare_waves
from survey.waves.study_contracts import study_contracts

ROOT = Path(__file__).parents[2]
EXPORTS = ROOT.parent / "shared" / "exports" / "todo_ospo"
STUDY = ROOT / "questionnaires" / "ospo.study.yaml"
pytestmark = pytest.mark.skipif(
    not EXPORTS.is_dir(), reason="../shared/exports/todo_ospo is not there"
)


@pytest.fixture(scope="module")
def loaded() -> LoadedStudy:
    return load_study(STUDY)


@pytest.fixture(scope="module")
def contract(loaded: LoadedStudy) -> Callable[[str, str], WaveContract]:
    ids = [wave.id for wave in loaded.study.waves]
    of = dict(zip(ids, loaded.questionnaires, strict=True))

    def make(newer: str, older: str) -> WaveContract:
        names = newer, older
        return contract_between(of[newer], of[older], names=names, study=loaded.study)

    return make


@pytest.fixture(scope="module")
def worded(loaded: LoadedStudy) -> Callable[[str, str], WaveContract]:
    """Compare two waves with the wording of their exports."""
    ids = [wave.id for wave in loaded.study.waves]
    asked = [
        with_wording(questionnaire, read(loaded.folder / wave.file))
        for wave, questionnaire in zip(
            loaded.study.waves, loaded.questionnaires, strict=True
        )
    ]

    def make(newer: str, older: str) -> WaveContract:
        last, first = ids.index(newer), ids.index(older)
        return contract_between(
            asked[last],
            asked[first],
            names=(newer, older),
            study=loaded.study,
            between=asked[first + 1 : last],
        )

    return make


@pytest.fixture(scope="module")
def waves(loaded: LoadedStudy) -> dict[str, Responses]:
    return {
        wave.id: bind(read(loaded.folder / wave.file), questionnaire)
        for wave, questionnaire in zip(
            loaded.study.waves, loaded.questionnaires, strict=True
        )
    }


def records(name: str, heads: int) -> tuple[list[str], list[list[str]]]:
    """Read an export as plain text: its first row, and the records."""
    with (EXPORTS / name).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], [row for row in rows[heads:] if any(row)]


def test_the_counts_of_2021(waves: dict[str, Responses]) -> None:
    heads, rows = records("2021/results_2021.csv", 2)
    at = {
        name: heads.index(next(h for h in heads if h.startswith(name)))
        for name in ("Q2 00", "Q6 00", "Q14 00")
    }
    frame = waves["2021"].frame
    size = Counter(row[at["Q2 00"]] for row in rows)
    assert size["2-5"] == (frame["size"] == "n2_50").sum() == 267
    assert size["More than 10,000"] == (frame["size"] == "n10001").sum() == 220
    assert size["Self-employed or not working"] == 158
    assert (frame["size"] == "not_working").sum() == 158
    ospo = Counter(row[at["Q6 00"]] for row in rows)
    assert ospo["Yes"] == (frame["ospo"] == "any").sum() == 372
    assert ospo["No, but planning one"] == (frame["ospo"] == "planned").sum() == 153
    age = Counter(row[at["Q14 00"]] for row in rows)
    assert age["0-2 years"] == (frame["age"] == "y0_2").sum() == 57


def test_the_counts_of_2022(waves: dict[str, Responses]) -> None:
    heads, rows = records("2022/RawData.csv", 3)
    frame = waves["2022"].frame
    codes = ("n1_10", "n11_49", "n50_249", "n250_999", "n1000_9999", "n10000_19999")
    size = Counter(row[heads.index("Q2")] for row in rows)
    for number, code in enumerate((*codes, "n20000"), start=1):
        assert (frame["size"] == code).sum() == size[str(number)], code
    ospo = Counter(row[heads.index("Q6")] for row in rows)
    assert (frame["ospo"] == "formal").sum() == ospo["1"] == 302
    assert (frame["ospo"] == "informal").sum() == ospo["2"] == 192
    # Two records without an OSPO told its age: the routing did not ask them.
    aged = [(row[heads.index("Q15")], row[heads.index("Q6")]) for row in rows]
    young = sum(age == "1" and has in {"1", "2"} for age, has in aged)
    assert (frame["age"] == "y0_2").sum() == young
    known = sum(bool(age) for age, has in aged if has not in {"1", "2"})
    assert known == 2


@pytest.mark.parametrize(
    ("year", "name", "first", "count"),
    [
        ("2023", "2023/RawData.csv", "q9", (204, 110, 51, 113)),
        (
            "2024",
            "2024/Raw_Data/2024 OSPO N222 Raw Data Numeric.csv",
            "q12",
            (58, 42, 26, 96),
        ),
    ],
)
def test_the_counts_of_exploded_answers(
    waves: dict[str, Responses],
    year: str,
    name: str,
    first: str,
    count: tuple[int, ...],
) -> None:
    heads, rows = records(name, 3)
    start = heads.index(first)
    given = Counter(cell for row in rows for cell in row[start : start + 5] if cell)
    frame = waves[year].frame
    for number, code in enumerate(("formal", "informal", "planned", "none"), start=1):
        assert (frame["ospo"] == code).sum() == given[str(number)] == count[number - 1]


def test_size_bands_are_joined_as_the_study_accepts(
    contract: Callable[[str, str], WaveContract],
) -> None:
    for newer in ("2022", "2023", "2024"):
        size = contract(newer, "2021").questions["size"]
        assert size.accepted
        assert size.rows["n50"] == (("n1_10", "n11_49"), ("n2_50",))
        assert size.rows["more"] == (("n10000_19999", "n20000"), ("n10001",))
        assert size.consequence("share", "n50").verdict == "recode"
        assert size.consequence("share", "n1_10").verdict == "not_comparable"
        assert size.consequence("mean").verdict == "not_comparable"


def test_the_ospo_is_one_net_in_all_years(
    contract: Callable[[str, str], WaveContract],
) -> None:
    ospo = contract("2024", "2021").questions["ospo"]
    assert ospo.consequence("net", "has_ospo").verdict == "comparable"
    assert ospo.rows["has_ospo"] == (("formal", "informal"), ("any",))
    assert ospo.consequence("share", "formal").verdict == "not_comparable"
    assert ospo.consequence("share", "none").verdict == "comparable"


def test_who_has_an_ospo_is_asked_its_age_in_every_year(
    contract: Callable[[str, str], WaveContract],
) -> None:
    for newer, older in (("2022", "2021"), ("2023", "2022"), ("2024", "2023")):
        age = contract(newer, older).questions["age"]
        assert not {"routing_changed", "base_changed"} & {c.kind for c in age.changes}
        assert age.consequence("share", "y0_2").verdict == "comparable"


def test_what_cannot_be_compared(contract: Callable[[str, str], WaveContract]) -> None:
    found = contract("2023", "2022")
    assert found.questions["critical"].changes[0].kind == "reused_id"
    assert found.questions["impact"].consequence("share").verdict == "not_comparable"
    funding = found.questions["funding"]
    assert [c.kind for c in funding.changes] == ["options_reordered"]
    assert funding.consequence("share", "up2").verdict == "comparable"
    assert funding.consequence("mean").verdict == "not_comparable"
    universe = [c for c in found.changes if c.kind == "universe_changed"]
    assert len(universe) == 1
    gone = [c.question for c in contract("2024", "2023").changes if c.kind == "dropped"]
    assert gone == ["staff", "funding", "challenges", "impact"]


def reworded(found: WaveContract) -> list[str]:
    changes = {q: pact.changes for q, pact in found.questions.items()}
    return [q for q, some in changes.items() if "reworded" in {c.kind for c in some}]


def test_no_wording_of_the_exports_is_in_the_project(loaded: LoadedStudy) -> None:
    stated = [q.wording for each in loaded.questionnaires for q in each.questions]
    assert stated == [{}] * (7 + 10 + 10 + 6)


def test_what_was_reworded_is_found_by_the_wording_of_the_exports(
    worded: Callable[[str, str], WaveContract],
) -> None:
    assert reworded(worded("2022", "2021")) == [
        "journey",
        "size",
        "ospo",
        "staff",
        "age",
        "challenges",
        "impact",
    ]
    assert reworded(worded("2023", "2022")) == ["staff", "challenges", "critical"]
    assert reworded(worded("2024", "2023")) == ["size", "ospo", "age", "critical"]


def test_the_questions_that_the_study_vouches_for_keep_their_trend(
    worded: Callable[[str, str], WaveContract],
) -> None:
    kept = {
        ("2022", "2021"): ["journey", "ospo", "staff", "age", "challenges", "impact"],
        ("2024", "2023"): ["size", "ospo", "age", "critical"],
    }
    for names, questions in kept.items():
        found = worded(*names)
        for name in questions:
            assert found.questions[name].reason, name
            assert found.questions[name].consequence("share").verdict == "comparable"
    ospo = worded("2024", "2021").questions["ospo"]
    assert ospo.consequence("net", "has_ospo").verdict == "comparable"
    assert ospo.consequence("share", "formal").verdict == "not_comparable"


def test_a_change_of_meaning_is_not_compared_over_any_distance(
    worded: Callable[[str, str], WaveContract],
) -> None:
    # Whom consultants answer for; employees or workers; goals or products.
    for newer, older, name in (
        ("2022", "2021", "size"),
        ("2023", "2021", "size"),
        ("2024", "2021", "size"),
        ("2023", "2022", "staff"),
        ("2023", "2021", "staff"),
        ("2023", "2022", "critical"),
        ("2024", "2022", "critical"),
    ):
        found = worded(newer, older).questions[name]
        assert found.consequence("share").verdict == "not_comparable", (newer, name)
    size = worded("2024", "2022").questions["size"]
    assert size.consequence("share").verdict == "comparable"


def test_compare_reads_the_wording_too(
    worded: Callable[[str, str], WaveContract],
) -> None:
    found = study_contracts(STUDY)
    years = ("2021", "2022", "2023", "2024")
    assert list(found) == [worded(n, o) for o, n in pairwise(years)]


def test_the_study_is_analysed(waves: dict[str, Responses]) -> None:
    report = analyze(STUDY)
    cells = report.results
    total = cells[(cells["banner"] == "") & (cells["statistic"] == "net")]
    has = total[total["code"] == "has_ospo"].set_index("wave")
    # 302 formal and 192 informal ones, without the 22 further records of organisations.
    ended = waves["2022"].frame["repeat"].isin(["name2", "address2"])
    yes = waves["2022"].frame["ospo"].isin(["formal", "informal"])
    assert has.loc["2022", "count"] == (yes & ~ended).sum()
    assert has.loc["2023", "count"] == 204 + 110
    assert has.loc["2024", "count"] == 58 + 42
    assert has.loc["2024", "base_unweighted"] == 222


def test_a_change_over_bands_that_were_joined(loaded: LoadedStudy) -> None:
    task = _task(STUDY, None, None, (), ("2021", "2022"))
    # Vouched for here, to see the numbers; the study does not.
    first, second = task.study.waves
    vouched = {**second.comparable, "size": {"en": "For the sake of the test."}}
    second = second.model_copy(update={"comparable": vouched})
    study = task.study.model_copy(update={"waves": (first, second)})
    found = compare_waves(study, [_analyse(task, i) for i in (0, 1)])
    assert found is not None
    change = found.changes["2022", "previous"]["size", "n50", "", "Total"]
    _, rows = records("2021/results_2021.csv", 2)
    # Screened out: not working, not involved in open source, or don't know whether.
    kept = [r for r in rows if r[15] != "Self-employed or not working"]
    kept = [r for r in kept if not r[13] and not r[14]]
    known = [r[15] for r in kept if r[15] not in {"Don't know", ""}]
    assert change.base_before == len(known)
    assert change.before == pytest.approx(known.count("2-5") / len(known), abs=1e-12)
    heads, rows = records("2022/RawData.csv", 3)
    kept = [r for r in rows if r[7] not in {"2", "4"}]
    bands = [r[heads.index("Q2")] for r in kept]
    below = sum(band in {"1", "2"} for band in bands)
    assert change.base_after == len(bands)
    assert change.after == pytest.approx(below / len(bands), abs=1e-12)
    assert change.difference == pytest.approx(change.after - change.before, abs=1e-12)
    assert (change.consequence.verdict, change.consequence.because) == (
        "recode",
        "options_split",
    )
    never = found.changes["2022", "previous"]["size", "n1_10", "", "Total"]
    assert never.hidden
