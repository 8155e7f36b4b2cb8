from pathlib import Path

import pytest
import yaml

from survey.errors import StudyError
from survey.study.load import load_study
from survey.study.model import Study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wave.csv").write_text("q\n1\n", encoding="utf-8")
    questionnaire = {
        "id": "q",
        "title": "Q",
        "questions": [
            {
                "id": "stage",
                "kind": "single",
                "label": "Stage",
                "categories": [{"code": 1, "label": "No"}, {"code": 2, "label": "Yes"}],
            }
        ],
    }
    (tmp_path / "q.yaml").write_text(yaml.safe_dump(questionnaire), encoding="utf-8")
    return tmp_path


def refused(folder: Path, text: str) -> str:
    path = folder / "s.study.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load_study(path)
    return str(caught.value).removeprefix(str(path))


HEAD = "name: s\ntitle: S\nwaves:\n  - {id: 1, file: wave.csv, questionnaire: q.yaml}\n"


@pytest.mark.parametrize(
    ("more", "line", "says"),
    [
        ("banner: [size]\n", 5, "there is no question 'size' in q. Questions: 'stage'"),
        ("bannner: [stage]\n", 5, "unknown key 'bannner'"),
        (
            "nets:\n  stage:\n    - {code: n, label: N, codes: [1, 5]}\n",
            7,
            "question 'stage' has no code '5'",
        ),
        (
            "indicators:\n  adoption: {question: stage, in_production: 7, using: 2}\n",
            6,
            "has no code '7'",
        ),
        ("exclude: [bots]\n", 5, "exclude[0] is 'bots'"),
        ("weighting: {targets: t.yaml, margins: [stage]}\n", 5, "no such target file"),
        ("report: {min_base: 0}\n", 5, "min_base"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    folder: Path, more: str, line: int, says: str
) -> None:
    message = refused(folder, HEAD + more)
    assert message.startswith(f", line {line}:")
    assert says in message


def test_waves_that_stand_twice_or_have_no_file(folder: Path) -> None:
    again = HEAD + "  - {id: 1, file: wave.csv, questionnaire: q.yaml}\n"
    assert "wave '1' stands here twice" in refused(folder, again)
    assert "no such file" in refused(folder, HEAD.replace("wave.csv", "none.csv"))


def test_one_code_may_stand_without_brackets(folder: Path) -> None:
    path = folder / "s.study.yaml"
    text = (
        HEAD
        + "indicators:\n  adoption: {question: stage, in_production: 2, using: 2}\n"
    )
    path.write_text(text, encoding="utf-8")
    adoption = load_study(path).study.indicators.adoption
    assert adoption is not None
    assert adoption.in_production == ("2",)


def test_the_shipped_study_loads(root: Path) -> None:
    loaded = load_study(root / "questionnaires" / "genai-adoption.study.yaml")
    assert [wave.id for wave in loaded.study.waves] == ["2023", "2024", "2025"]
    assert [q.id for q in loaded.questionnaires] == [
        "genai-adoption-2023",
        "genai-adoption-2024",
        "genai-adoption-2025",
    ]


NET = "{code: n, label: N, codes: [1]}"


@pytest.mark.parametrize(
    ("more", "line", "says"),
    [
        ("bases: {stage: named}\n", 5, "only multiple response has the base 'named'"),
        ("banner: [stage, stage]\n", 5, "'stage' stands twice"),
        (
            "indicators:\n  barriers: [{question: stage}]\n",
            6,
            "question 'stage' is single, and here stands a question of kind multiple",
        ),
        ("indicators: {scales: [stage]}\n", 5, "of kind grid"),
        (
            f"nets: {{stage: [{NET}, {NET}]}}\n",
            5,
            "has the code of a category or of another net",
        ),
    ],
)
def test_a_question_is_put_to_a_use_that_it_allows(
    folder: Path, more: str, line: int, says: str
) -> None:
    message = refused(folder, HEAD + more)
    assert message.startswith(f", line {line}: ")
    assert says in message


def test_a_net_over_codes_outside_the_base_is_refused_with_its_line(
    folder: Path,
) -> None:
    text = (folder / "q.yaml").read_text(encoding="utf-8")
    text = text.replace("label: 'Yes'", "label: 'Yes'\n    dont_know: true")
    text = text.replace("kind: single", "kind: single\n  dont_know_in_base: false")
    (folder / "q.yaml").write_text(text, encoding="utf-8")
    more = "nets:\n  stage:\n    - {code: n, label: N, codes: [1, 2]}\n"
    message = refused(folder, HEAD + more)
    assert message.startswith(", line 6: ")
    assert "names code '2', which is not in its base" in message


def test_a_margin_that_a_wave_did_not_ask_is_named(folder: Path) -> None:
    (folder / "t.yaml").write_text("", encoding="utf-8")
    (folder / "old.yaml").write_text(
        "id: old\ntitle: Old\nquestions:\n  - {id: n, kind: numeric, label: N}\n",
        encoding="utf-8",
    )
    waves = (
        "  - {id: 0, file: wave.csv, questionnaire: old.yaml}\n"
        "  - {id: 1, file: wave.csv, questionnaire: q.yaml}\n"
    )
    text = f"name: s\ntitle: S\nwaves:\n{waves}"
    more = "weighting: {targets: t.yaml, margins: [stage]}\n"
    assert "wave '0' did not ask 'stage'" in refused(folder, text + more)


TOP_NET = "{code: top2, label: N, codes: [1]}"
QUESTIONS = """
  - {id: staff, kind: numeric, label: Staff}
  - {id: why, kind: multiple, label: Why, categories: [{code: a, label: A}]}
  - id: trust
    kind: single
    ordered: true
    label: Trust
    categories:
      - {code: 1, label: Low}
      - {code: 2, label: Mid}
      - {code: 3, label: High}
      - {code: 9, label: Unsure, dont_know: true}
"""


@pytest.fixture
def wide(folder: Path) -> Path:
    """Ask three more questions."""
    path = folder / "q.yaml"
    text = path.read_text(encoding="utf-8")
    more = yaml.safe_load(QUESTIONS)
    data = yaml.safe_load(text)
    data["questions"] += more
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("more", "line", "says"),
    [
        ("summaries: {trust: [top3]}\n", 5, "'top3' would hold all 3 points"),
        ("summaries: {trust: [top4]}\n", 5, "summaries.trust[0] is 'top4'"),
        ("summaries: {stage: [top2]}\n", 5, "'stage' is no ordered scale"),
        ("summaries: {why: [mean]}\n", 5, "question 'why' is multiple and has no"),
        ("summaries: {staff: [top2]}\n", 5, "question 'staff' is numeric and has no"),
        ("summaries: {staff: [sd, sd]}\n", 5, "'sd' stands twice"),
        ("summaries: {size: [mean]}\n", 5, "there is no question 'size'"),
        (
            f"summaries: {{trust: [top2]}}\nnets: {{trust: [{TOP_NET}]}}\n",
            5,
            "has a code or net 'top2' already",
        ),
        ("top_first: [trust, stage]\n", 5, "'stage' is no ordered scale"),
        ("top_first: [nobody]\n", 5, "there is no question 'nobody'"),
        ("bands: {trust: [0, 1]}\n", 5, "'trust' is single, and bands are of numbers"),
        ("bands: {staff: [0, 9, 9]}\n", 5, "the limits 0.0, 9.0, 9.0 do not rise"),
        ("bands: {staff: [0]}\n", 5, "bands.staff.edges"),
        (
            "bands:\n  staff: {edges: [0, 9, 20], labels: [Few]}\n",
            6,
            "2 bands and 1 labels",
        ),
        ("report: {family: tables}\n", 5, "report.family is 'tables'"),
        ("report: {min_difference: 5}\n", 5, "report.min_difference is 5"),
        ("report: {against: others}\n", 5, "report.against[0] is 'others'"),
        ("report: {statistic: t}\n", 5, "report.statistic is 't'"),
        ("report: {percent: [rows]}\n", 5, "report.percent[0] is 'rows'"),
    ],
)
def test_rows_that_a_question_cannot_have(
    wide: Path, more: str, line: int, says: str
) -> None:
    message = refused(wide, HEAD + more)
    assert message.startswith(f", line {line}:")
    assert says in message


@pytest.mark.parametrize(
    ("more", "line", "says"),
    [
        ("replicate_weights: repwt*", 6, "need the method"),
        ("method: sdr", 6, "'sdr' cannot be made here"),
        ("method: magic", 6, "design.method is 'magic'"),
        ("psu: p\n  replicate_weights: r*\n  method: jk1", 6, "'psu' ('p') would not"),
        ("rscales: [1, 2]", 6, "'rscales' describes replicate weights"),
        ("psu: p\n  combined: false", 7, "'combined' describes replicate weights"),
        ("rho: 1", 6, "design.rho is 1"),
        ("lonely_psu: ignore", 6, "design.lonely_psu is 'ignore'"),
    ],
)
def test_a_design_that_contradicts_itself(
    folder: Path, more: str, line: int, says: str
) -> None:
    message = refused(folder, f"{HEAD}design:\n  {more}\n")
    assert message.startswith(f", line {line}:")
    assert says in message


@pytest.mark.parametrize("key", ["weight: w", "calibration: stage"])
def test_weights_of_the_export_beside_weights_made_here(folder: Path, key: str) -> None:
    (folder / "t.yaml").write_text("", encoding="utf-8")
    plan = "weighting: {targets: t.yaml, margins: [stage]}\n"
    message = refused(folder, f"{HEAD}{plan}design:\n  {key}\n")
    assert message.startswith(", line 7: ")
    assert "makes its own under 'weighting'" in message


def loaded(folder: Path, text: str) -> Study:
    path = folder / "s.study.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_study(path).study


def test_one_name_or_a_list(wide: Path) -> None:
    text = (
        "design:\n  strata: region\n  psu: [area, unit]\n"
        "  calibration: [size, [size, region]]\n"
        "summaries: {staff: median}\nreport: {against: rest, percent: [row, row]}\n"
    )
    study = loaded(wide, text)
    plan = study.design
    assert (plan.strata, plan.psu) == (("region",), ("area", "unit"))
    assert plan.calibration == (("size",), ("size", "region"))
    assert study.summaries == {"staff": ("median",)}
    assert (study.report.against, study.report.percent) == (("rest",), ("row",))


def test_open_ends_of_bands_and_what_run_json_says_of_them(wide: Path) -> None:
    study = loaded(wide, "bands: {staff: [0, 10, .inf]}\n")
    assert study.bands["staff"].edges == (0.0, 10.0, float("inf"))
    written = study.model_dump(mode="json", exclude_defaults=True)["bands"]
    assert written == {"staff": {"edges": [0.0, 10.0, "inf"]}}


def test_a_net_may_name_another_net_and_an_indicator(folder: Path) -> None:
    adoption = "indicators:\n  adoption: {question: stage, in_production: 2, using: 2}"
    outer = "{code: all, label: All, codes: [using, n]}"
    study = loaded(folder, f"nets: {{stage: [{outer}, {NET}]}}\n{adoption}\n")
    assert [net.codes for net in study.nets["stage"]] == [("using", "n"), ("1",)]


def test_nets_in_a_circle_are_named_with_their_line(folder: Path) -> None:
    nets = "[{code: a, label: A, codes: [b]}, {code: b, label: B, codes: [a]}]"
    message = refused(folder, f"{HEAD}nets:\n  stage: {nets}\n")
    assert message.startswith(", line 6: ")
    assert "in a circle: a > b > a" in message
