"""Questions made from the models in use: by hand, weighted, hidden, and compared."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey
from survey.analysis import analyze, findings_of
from survey.errors import ModelFileError, StudyError
from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.model import Question, Questionnaire
from survey.report.context import Context
from survey.report.files import write
from survey.study.load import load_study
from survey.waves.compare import contract_between

CATALOGUE = """\
id: small
as_of: 2025-12
families:
  - {id: gpt, name: GPT, tier: closed, source: s, as_of: 2025-12}
  - {id: llama, name: Llama, tier: restricted, source: s, as_of: 2025-12}
  - {id: olmo, name: OLMo, tier: I, source: s, as_of: 2025-12}
  - id: qwen
    name: Qwen
    varies: true
    lowest: closed
    best: open_weights
    source: s
    as_of: 2025-12
"""
CODES = ["gpt", "llama", "qwen", "own"]
MODELS = {
    "id": "models",
    "kind": "multiple",
    "label": "Models",
    "asked_if": "stage == 2",
    "categories": [
        *({"code": code, "label": code.title()} for code in CODES),
        {"code": "other", "label": "Other", "specify": "models_other_text"},
    ],
}
STAGE = {
    "id": "stage",
    "kind": "single",
    "label": "Stage",
    "categories": [{"code": 1, "label": "No"}, {"code": 2, "label": "Yes"}],
}
WHY = {**STAGE, "id": "why", "label": "Why not", "asked_if": "stage == 1"}
PREFERENCE = {
    "id": "preference",
    "kind": "single",
    "label": "Preference",
    "categories": [
        {"code": 1, "label": "Open"},
        {"code": 2, "label": "Proprietary"},
        {"code": 3, "label": "Neither"},
    ],
}
QUESTIONS = [STAGE, MODELS, WHY, PREFERENCE]
# Number, models, text, preference: closed, restricted, closed (or open weights with the
# best member), class I, unknown, class I by text, unknown by text.
GROUPS: list[tuple[int, list[str], str, int]] = [
    (40, ["gpt"], "", 1),
    (40, ["gpt", "llama"], "", 1),
    (40, ["qwen"], "", 1),
    (40, [], "OLMo, and Ollama", 1),
    (20, ["own"], "", 2),
    (20, ["gpt", "own"], "", 2),
    (10, [], "a model of our own", 3),
]
SIZES = [size for size, *_ in GROUPS]
USERS = sum(SIZES)
PLAN = {"catalogue": "models.yaml", "question": "models", "compare": ["why"]}
SIDES = {"overall": "preference", "open": 1, "proprietary": 2}
STUDY: dict[str, Any] = {
    "models": PLAN,
    "design": {"weight": "w"},
    "indicators": {
        "preference": {"overall": "preference", "open": 1, "proprietary": 2}
    },
}


def column(values: list[Any]) -> list[Any]:
    """Repeat a value for every member of its group; others do not use models."""
    return [v for v, size in zip(values, SIZES, strict=True) for _ in range(size)]


def answers() -> dict[str, list[Any]]:
    off = 30
    columns: dict[str, list[Any]] = {"stage": [2] * USERS + [1] * off}
    for code in CODES:
        marks = ["x" if code in models else None for _, models, *_ in GROUPS]
        columns[f"models_{code}"] = column(marks) + [None] * off
    texts = [text for *_, text, _ in GROUPS]
    columns["models_other"] = column(["x" if t else None for t in texts]) + [None] * off
    columns["models_other_text"] = column(texts) + [None] * off
    columns["why"] = [None] * USERS + [1] * off
    columns["preference"] = column([p for *_, p in GROUPS]) + [3] * off
    # The first group counts twice.
    columns["w"] = column([2, 1, 1, 1, 1, 1, 1]) + [1] * off
    return columns


@pytest.fixture
def study(make_study: Callable[..., Path], tmp_path: Path) -> Callable[..., Path]:
    (tmp_path / "models.yaml").write_text(CATALOGUE, encoding="utf-8")

    def make(**keys: Any) -> Path:
        return make_study(answers(), QUESTIONS, **{**STUDY, **keys})

    return make


@pytest.fixture
def context(study: Callable[..., Path], context_of: Callable[..., Context]) -> Context:
    return context_of(study())


def shares(results: pd.DataFrame, question: str, **where: str) -> dict[str, float]:
    wanted = {"question": question, "banner": "", **where}
    found = results
    for name, value in wanted.items():
        found = found[found[name] == value]
    return dict(zip(found["code"], found["estimate"], strict=True))


def test_the_most_open_model_by_hand(study: Callable[..., Path]) -> None:
    found = shares(analyze(study()).results, "models_openness")
    # Weighted: 80 + 40 + 40 + 20 closed, 40 restricted, 40 class I, 30 unknown, of 250.
    assert found == pytest.approx(
        {
            "below_class_3": 180 / 250,
            "class_3_up": 40 / 250,
            "open_weights": 0,
            "restricted": 40 / 250,
            "closed": 140 / 250,
            "unknown": 30 / 250,
        }
    )


def test_every_step_in_use_by_hand(study: Callable[..., Path]) -> None:
    found = shares(analyze(study()).results, "models_tiers")
    # gpt 80 + 40 + 20 and qwen 40 are closed; own 20 + 20 and a text of 10 unknown.
    assert found == pytest.approx(
        {
            "class_1": 40 / 250,
            "class_2": 0,
            "class_3": 0,
            "open_weights": 0,
            "restricted": 40 / 250,
            "closed": 180 / 250,
            "unknown": 50 / 250,
        }
    )


def test_the_best_reading_moves_those_with_a_varying_family(
    study: Callable[..., Path], context: Context
) -> None:
    found = shares(analyze(study()).results, "models_openness_best")
    assert found["open_weights"] == pytest.approx(40 / 250)
    assert found["closed"] == pytest.approx(100 / 250)
    use = context.wave.model_use
    assert use is not None
    assert (use.moved, use.beside_unknown, use.varying) == (40, 20, ("Qwen",))
    assert use.apart == ("why",)
    assert use.texts is not None
    assert (use.texts.texts, use.texts.none, use.texts.partly) == (50, 10, 40)
    assert dict(use.texts.levels) == {"id": 0, "alias": 40, "family": 0}


def test_estimates_are_those_of_the_derived_column(context: Context) -> None:
    responses = context.wave.responses
    frame = responses.frame.assign(w=answers()["w"], stage=responses.frame["stage"])
    design = survey.SurveyDesign(weight="w")
    found = survey.proportion(frame, "models_openness", design=design)
    for code, share, error in zip(
        found["code"], found["estimate"], found["std_error"], strict=True
    ):
        cell = context.wave.cells["models_openness", str(code), "", "Total"]
        assert cell.estimate == pytest.approx(float(share), rel=1e-12)
        assert cell.std_error == pytest.approx(float(error), rel=1e-12)


def test_preference_against_use(study: Callable[..., Path]) -> None:
    report = analyze(study())
    by = {"banner": "preference"}
    found = shares(report.results, "models_openness", **by, point="Open")
    # Of 200 (weighted) who prefer open, 160 use models below class III.
    assert found["below_class_3"] == pytest.approx(160 / 200)
    assert found["class_3_up"] == pytest.approx(40 / 200)
    (said,) = [s for s in report.headlines if "all of them below class III" in s]
    assert said.startswith('Of those who answer "Open" to "Preference", 80% name')
    assert "n = 160" in said
    pages = [page for page in report.pages if page.section == "Models in use"]
    assert [page.name for page in pages] == [
        "model_tiers",
        "model_openness",
        "model_preference",
        "model_comparison",
    ]


def test_a_small_column_is_hidden_everywhere(
    study: Callable[..., Path], tmp_path: Path
) -> None:
    report = analyze(study())
    results = report.results
    rows = results[
        (results["question"] == "models_openness") & (results["banner"] == "preference")
    ]
    hidden = rows[rows["note"].str.startswith("hidden")]
    # "Neither" has 10 of the users; with it goes "Proprietary", of 40.
    assert set(hidden["point"]) == {"Neither", "Proprietary"}
    assert hidden[["estimate", "count", "base_unweighted"]].isna().all(axis=None)
    chart = next(
        block
        for page in report.pages
        for block in page.blocks
        if getattr(block, "name", "") == "below_class_3_by_preference"
    )
    values = {row.label: row.values[0] for row in chart.rows}  # type: ignore[union-attr] # a chart
    assert values["Neither"].estimate is values["Proprietary"].estimate is None
    write(report, tmp_path / "out", formats=["csv"])
    assert "Neither" in (tmp_path / "out" / "results.csv").read_text(encoding="utf-8")


def test_texts_of_respondents_are_never_repeated(study: Callable[..., Path]) -> None:
    report = analyze(study())
    found = {f.check: f for f in report.findings if f.check.startswith("models_")}
    assert found["models_matched"].count == 50
    assert found["models_unmatched"].count == 10
    assert len(found["models_unmatched"].respondents) == 10
    said = [f.message for f in report.findings] + [*report.headlines]
    assert not any("our own" in text or "Ollama" in text for text in said)


def test_in_german(study: Callable[..., Path]) -> None:
    report = analyze(study(), language="de")
    labels = report.results.loc[
        report.results["question"] == "models_openness", "label"
    ]
    assert "Klasse III oder besser" in set(labels)
    assert any("nennen 80\u00a0% bewertete Modelle" in s for s in report.headlines)
    pages = [
        page.name for page in report.pages if page.section == "Eingesetzte Modelle"
    ]
    assert "model_preference" in pages


def test_the_answers_stand_after_their_source(context: Context) -> None:
    names = [result.question.id for result in context.wave.questions]
    at = names.index("models")
    assert names[at : at + 3] == ["models", "models_openness", "models_tiers"]
    state = context.wave.responses.states
    assert (state["models_openness"] == state["models"]).all()
    openness = context.wave.responses.frame["models_openness"]
    assert int(openness.notna().sum()) == USERS
    assert np.array_equal(openness.isna(), np.arange(USERS + 30) >= USERS)


def test_who_does_not_know_is_out_of_the_base_where_the_question_says_so(
    make_study: Callable[..., Path],
    context_of: Callable[..., Context],
    tmp_path: Path,
) -> None:
    (tmp_path / "models.yaml").write_text(CATALOGUE, encoding="utf-8")
    unsure = {"code": "dk", "label": "Unsure", "dont_know": True, "exclusive": True}
    asked = {
        "id": "models",
        "kind": "single",
        "label": "Models",
        "dont_know_in_base": False,
        "categories": [{"code": "gpt", "label": "GPT"}, unsure],
    }
    columns = {"models": ["gpt"] * 50 + ["dk"] * 10}
    found = context_of(make_study(columns, [asked], models=PLAN | {"compare": []}))
    cell = found.wave.cells["models_openness", "closed", "", "Total"]
    assert (cell.estimate, cell.base_unweighted) == (1, 50)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"catalogue": "no.yaml"}, "no such catalogue of models"),
        ({"question": "model"}, "there is no question 'model'"),
        ({"codes": {"gtp": "gpt"}}, "has no code 'gtp'"),
        ({"codes": {"gpt": "gtp"}}, "models.yaml has no entry 'gtp'"),
        ({"texts": ["stage"]}, "question 'stage' is single"),
    ],
)
def test_a_plan_that_is_wrong_is_refused_with_its_line(
    study: Callable[..., Path], change: dict[str, Any], message: str
) -> None:
    with pytest.raises(StudyError, match=message) as caught:
        load_study(study(models=PLAN | change))
    assert "tiny.study.yaml, line " in str(caught.value)


def test_a_catalogue_that_is_wrong_is_refused(
    study: Callable[..., Path], tmp_path: Path
) -> None:
    path = study()
    (tmp_path / "models.yaml").write_text("id: x\nas_of: 1\n", encoding="utf-8")
    with pytest.raises(ModelFileError, match="key 'families' is missing"):
        load_study(path)


def test_a_new_option_of_the_source_stops_the_comparison(
    study: Callable[..., Path], tmp_path: Path, context: Context
) -> None:
    loaded = load_study(study())
    newer = context.wave.responses.questionnaire

    def without(code: str) -> Questionnaire:
        changed = [
            q.model_copy(
                update={"categories": tuple(c for c in q.categories if c.code != code)}
            )
            if q.id == "models"
            else q
            for q in newer.questions
        ]
        return newer.model_copy(update={"questions": tuple(changed)})

    names = ("2", "1")
    assert load_questionnaire(tmp_path / "tiny.yaml").question("models")
    same = contract_between(newer, newer, names=names, study=loaded.study)
    added = contract_between(newer, without("qwen"), names=names, study=loaded.study)
    for name in ("models_openness", "models_tiers"):
        found = same.questions[name].consequence("share", "closed")
        assert found.verdict == "comparable"
        found = added.questions[name].consequence("share", "closed")
        assert (found.verdict, found.because) == ("not_comparable", "options_added")


@pytest.mark.parametrize(("silent", "base"), [(10, 220), (40, 210)])
def test_few_who_name_no_model_are_not_known_from_two_totals(
    make_study: Callable[..., Path], tmp_path: Path, silent: int, base: int
) -> None:
    (tmp_path / "models.yaml").write_text(CATALOGUE, encoding="utf-8")
    columns = {name: values[:USERS] for name, values in answers().items()}
    # Another question with the answers to the preference, which has a table itself.
    columns["extra"] = columns["preference"]
    rest: dict[str, list[Any]] = {name: [None] * silent for name in columns}
    rest |= {"stage": [2] * silent, "extra": [3] * silent, "w": [1] * silent}
    columns = {name: values + rest[name] for name, values in columns.items()}
    plan = PLAN | {"compare": ["extra"]}
    asked = [*QUESTIONS, PREFERENCE | {"id": "extra"}]
    path = make_study(columns, asked, **{**STUDY, "models": plan})
    results = analyze(path).results
    found = results[
        (results["question"] == "extra")
        & (results["banner"] == "models_openness")
        & (results["point"] == "Total")
    ]
    # 10 others would be the difference to the 220 of the table of the question.
    assert set(found["base_unweighted"]) == {base}


@pytest.mark.parametrize("banner", [[], ["preference"]])
def test_no_question_stands_both_ways_round(
    study: Callable[..., Path], banner: list[str]
) -> None:
    plan = PLAN | {"compare": ["preference", "stage"]}
    results = analyze(study(models=plan, banner=banner)).results
    both = results[results["banner"] == "models_openness"]
    assert set(both["question"]) == {"stage"}
    by = results[results["banner"] == "preference"]
    assert "models_openness" in set(by["question"])


def test_both_readings_without_a_stated_preference(study: Callable[..., Path]) -> None:
    report = analyze(study(indicators={}))
    found = shares(report.results, "models_openness_best")
    # Not weighted by the preference: the 40 of Qwen stand in open weights, of 250.
    assert found["open_weights"] == pytest.approx(40 / 250)
    blocks = [getattr(b, "name", "") for page in report.pages for b in page.blocks]
    assert "models_openness_readings" in blocks
    assert "model_preference" not in [page.name for page in report.pages]


def test_a_claim_under_one_reading_says_so(
    study: Callable[..., Path], tmp_path: Path
) -> None:
    path = study()
    text = CATALOGUE.replace("best: open_weights", "best: III")
    (tmp_path / "models.yaml").write_text(text, encoding="utf-8")
    report = analyze(path)
    (said,) = [s for s in report.headlines if "all of them below class III" in s]
    # 40 of the 200 (weighted) are those of Qwen: 160 less 40.
    assert "With the most open member of every family: 60%" in said
    (used,) = [s for s in report.headlines if s.startswith("Most open model in use")]
    assert used.endswith("The least open member of every family counts.")
    report = analyze(study(banner=["preference"]))
    (said,) = [s for s in report.headlines if "all of them below class III" in s]
    assert said.endswith("The least open member of every family counts.")


def test_a_hidden_base_stands_in_no_note(
    make_study: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "models.yaml").write_text(CATALOGUE, encoding="utf-8")
    asked = {"id": "models", "kind": "text", "label": "Models"}
    columns = {"models": ["GPT"] * 12 + [""] * 40, "stage": [1] * 52}
    plan = PLAN | {"compare": []}
    report = analyze(make_study(columns, [STAGE, asked], models=plan))
    pages = [page for page in report.pages if page.section == "Models in use"]
    notes = [n for page in pages for b in page.blocks for n in getattr(b, "notes", ())]
    assert notes
    assert not any("Typed answers" in note for note in notes)


def test_who_has_no_weight_is_not_counted(
    study: Callable[..., Path],
    context_of: Callable[..., Context],
    tmp_path: Path,
) -> None:
    path = study()
    frame = pd.read_csv(tmp_path / "wave.csv")
    frame.loc[80:89, "w"] = 0  # 10 of the 40 of Qwen
    frame.to_csv(tmp_path / "wave.csv", index=False)
    use = context_of(path).wave.model_use
    assert use is not None
    assert use.moved == 30


def test_made_questions_lack_no_language(
    make_study: Callable[..., Path],
    context_of: Callable[..., Context],
    tmp_path: Path,
) -> None:
    (tmp_path / "models.yaml").write_text(CATALOGUE, encoding="utf-8")
    path = make_study(
        answers(), QUESTIONS, instrument={"languages": ["en", "de"]}, **STUDY
    )
    asked = context_of(path).wave.responses.questionnaire
    for name in ("models_openness", "models_tiers"):
        question = asked.question(name)
        assert question is not None
        texts = [question.wording, question.label]
        texts += [category.label for category in question.categories]
        assert all(set(text) == {"de", "en"} for text in texts)


def test_answers_that_are_not_matched_are_named(
    study: Callable[..., Path], tmp_path: Path
) -> None:
    path = study()
    checks = {f.check: f for f in findings_of(path)}
    assert checks["models_unrated"].message == (
        "1 answer names no single entry of models.yaml and is not rated: 'own'. Give "
        "it an entry or '~' under 'codes'."
    )
    assert checks["models_unmatched"].count == 10
    assert "models_doubtful" not in checks
    assert "models_shared" not in checks
    text = CATALOGUE.replace("name: GPT,", "name: GPT, aliases: [Llama],")
    (tmp_path / "models.yaml").write_text(text, encoding="utf-8")
    checks = {f.check: f for f in findings_of(path)}
    assert "stands for several entries" in checks["models_shared"].message
    assert "'llama', 'own'" in checks["models_unrated"].message
    checks = {
        f.check: f
        for f in findings_of(
            study(models=PLAN | {"codes": {"own": None, "llama": "llama"}})
        )
    }
    assert "models_unrated" not in checks


def test_an_answer_matched_by_part_of_its_label_is_named(
    make_study: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "models.yaml").write_text(CATALOGUE, encoding="utf-8")
    options = [
        {"code": 1, "label": "Open models such as Llama"},
        {"code": 2, "label": "GPT"},
    ]
    asked = {"id": "models", "kind": "single", "label": "Models", "categories": options}
    path = make_study({"models": [1, 2] * 40}, [asked], models=PLAN | {"compare": []})
    checks = {f.check: f for f in analyze(path).findings}
    assert "other words of its label: '1'." in checks["models_doubtful"].message


def test_a_text_that_one_wave_lacks_stops_the_comparison(
    study: Callable[..., Path], context: Context
) -> None:
    loaded = load_study(study())
    plan = loaded.study.models
    assert plan is not None
    wider = loaded.study.model_copy(
        update={"models": plan.model_copy(update={"texts": ("more",)})}
    )
    older = context.wave.responses.questionnaire
    more = Question(id="more", kind="text", label="More")
    newer = older.model_copy(update={"questions": (*older.questions, more)})
    both = contract_between(newer, newer, names=("2", "1"), study=wider)
    one = contract_between(newer, older, names=("2", "1"), study=wider)
    found = both.questions["models_openness"].consequence("share", "closed")
    assert found.verdict == "comparable"
    found = one.questions["models_openness"].consequence("share", "closed")
    assert found.verdict == "not_comparable"
