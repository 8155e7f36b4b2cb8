from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from survey.errors import MarginError, RakingError
from survey.responses.recode import variables
from survey.responses.variable import Row, Variable
from survey.weighting.categories import OWN_CLASS
from survey.weighting.diagnostics import margin_table
from survey.weighting.mapping import BandMap
from survey.weighting.prepare import WeightingInput, frame_input, weighting_input
from survey.weighting.rake import rake
from survey.weighting.recipe import remade
from survey.weighting.targets import Targets
from survey.weighting.weighting import Weighting

ABOUT = {"population": "firms", "source": "register", "as_of": "2024", "unit": "firms"}
INDEX = pd.Index([f"r{i}" for i in range(10)], name="respondent_id")


def targets_of(**margins: dict[str, float]) -> Targets:
    named = {name.replace("_x_", " x "): goals for name, goals in margins.items()}
    return Targets.model_validate({**ABOUT, "margins": named})


TARGETS = targets_of(size={"1": 300.0, "2": 100.0})
BOTH = targets_of(size={"1": 300.0, "2": 100.0}, region={"N": 0.5, "S": 0.5})
CROSSED = targets_of(
    size_x_region={"1 x N": 0.4, "1 x S": 0.3, "2 x N": 0.1, "2 x S": 0.2}
)


def size(position: list[int]) -> Variable:
    rows = (
        Row("1", "Small", ("1",)),
        Row("2", "Large", ("2",)),
        Row("9", "Don't know", ("9",), "dont_know"),
    )
    at = np.array(position, dtype=np.intp)
    return Variable("size", "Size", ("1", "2", "9"), rows, at, None, None, at >= 0)


def region(position: list[int]) -> Variable:
    rows = (Row("N", "North", ("N",)), Row("S", "South", ("S",)))
    at = np.array(position, dtype=np.intp)
    return Variable("region", "Region", ("N", "S"), rows, at, None, None, at >= 0)


def counts(given: WeightingInput) -> dict[str, int]:
    return {found.check: found.count for found in given.findings}


def test_counts_become_shares() -> None:
    given = weighting_input([size([0] * 5 + [1] * 5)], TARGETS, INDEX, missing="error")
    assert given.margins == {"size": {"1": 0.75, "2": 0.25}}
    assert given.codes["size"].tolist() == ["1"] * 5 + ["2"] * 5
    assert given.findings == ()
    assert given.labels == {"size": {"1": "Small", "2": "Large"}}
    assert given.base_weight.tolist() == [1.0] * 10
    assert given.population == 400


def test_no_answer_and_dont_know_keep_their_share_of_the_sample() -> None:
    margin = size([0] * 4 + [1] * 4 + [2, -1])
    given = weighting_input([margin], TARGETS, INDEX, missing="own_class")
    assert given.margins["size"] == pytest.approx(
        {"1": 0.75 * 0.8, "2": 0.25 * 0.8, OWN_CLASS: 0.2}
    )
    assert given.codes["size"].tolist()[-2:] == [OWN_CLASS] * 2
    assert [(f.check, f.count) for f in given.findings] == [("margin_missing", 2)]
    assert given.findings[0].respondents == ("r8", "r9")
    assert given.labels["size"][OWN_CLASS] == OWN_CLASS
    weight = rake(given.codes, given.margins).weight
    # 0.6 of 10 over 4 small firms, 0.2 of 10 over 4 large ones; the others stay at 1.
    assert weight.to_numpy() == pytest.approx([1.5] * 4 + [0.5] * 4 + [1.0] * 2)


def test_a_class_with_a_target_of_its_own_has_that() -> None:
    targets = targets_of(size={"1": 0.6, "2": 0.3, OWN_CLASS: 0.1})
    margin = size([0] * 4 + [1] * 4 + [2, -1])
    given = weighting_input([margin], targets, INDEX, missing="own_class")
    assert given.margins["size"] == pytest.approx({"1": 0.6, "2": 0.3, OWN_CLASS: 0.1})


def test_respondents_without_a_category_may_stop_the_run() -> None:
    margin = size([0] * 4 + [1] * 4 + [2, -1])
    with pytest.raises(MarginError, match="2 of 10 respondents have no target"):
        weighting_input([margin], TARGETS, INDEX, missing="error")
    with pytest.raises(MarginError, match="2 of 10 respondents have no target"):
        weighting_input([margin], TARGETS, INDEX)


def test_a_margin_without_targets_and_one_with_several_answers() -> None:
    other = Variable(
        *("region", "R", ("1",), (), np.zeros(10, dtype=np.intp), None, None),
        np.ones(10, dtype=bool),
    )
    with pytest.raises(MarginError, match=r"'region' has no targets.*'size'"):
        weighting_input([other], TARGETS, INDEX, missing="own_class")
    several = Variable(
        *("size", "S", ("1",), (), None, np.ones((10, 1), dtype=bool), None),
        np.ones(10, dtype=bool),
    )
    with pytest.raises(MarginError, match="several answers"):
        weighting_input([several], TARGETS, INDEX, missing="own_class")


def test_the_share_of_the_sample_is_weighted_with_base_weights() -> None:
    # One without an answer, with weight 4 of 4 + 9: a share of 4 / 13.
    margin = size([0] * 5 + [1] * 4 + [-1])
    base = pd.Series([1.0] * 9 + [4.0], index=INDEX)
    given = weighting_input(
        [margin], TARGETS, INDEX, missing="own_class", base_weight=base
    )
    assert given.margins["size"][OWN_CLASS] == pytest.approx(4 / 13)
    assert given.margins["size"]["1"] == pytest.approx(0.75 * 9 / 13)


def test_excluded_respondents_have_weight_0() -> None:
    margin = size([0] * 4 + [1] * 4 + [2, -1])
    given = weighting_input([margin], TARGETS, INDEX, missing="exclude")
    assert given.margins == {"size": {"1": 0.75, "2": 0.25}}
    assert given.base_weight.tolist() == [1.0] * 8 + [0.0] * 2
    assert counts(given) == {"margin_missing": 2}
    assert given.findings[0].action == "left out (weight 0)"
    weight = rake(given.codes, given.margins, base_weight=given.start).weight
    # 0.75 of 8 over 4, 0.25 of 8 over 4.
    assert weight.to_numpy() == pytest.approx([1.5] * 4 + [0.5] * 4 + [0.0] * 2)


def test_imputed_answers_come_from_respondents_of_the_same_region() -> None:
    # All small firms are in the north, so that is where the missing ones belong.
    first = size([0] * 4 + [1] * 4 + [2, -1])
    second = region([0] * 4 + [1] * 4 + [0, 1])
    given = weighting_input([first, second], BOTH, INDEX, missing="impute", seed=3)
    assert given.codes["size"].tolist() == ["1"] * 4 + ["2"] * 4 + ["1", "2"]
    (found,) = given.findings
    assert (found.count, found.action) == (2, "imputed")
    assert "seed 3" in found.message
    assert found.message.endswith("agrees on all other margins they answered: 2.")


def test_policies_of_several_margins_act_one_after_the_other() -> None:
    # r0 lacks the size and is left out, r1 lacks both; r9 lacks the region only and is
    # a class of 3 / (7 x 1 + 3) by base weight.
    first = size([-1, -1, 0, 0, 0, 0, 1, 1, 1, 0])
    second = region([0, -1, 0, 0, 1, 1, 0, 0, 1, -1])
    base = pd.Series([5.0, 5.0] + [1.0] * 7 + [3.0], index=INDEX)
    given = weighting_input(
        *([first, second], BOTH, INDEX),
        missing={"size": "exclude", "region": "own_class"},
        base_weight=base,
    )
    found = [(f.question, f.count, f.action) for f in given.findings]
    assert found == [
        ("size", 2, "left out (weight 0)"),
        ("region", 1, "kept with their share of the sample"),
    ]
    assert given.margins["region"] == pytest.approx(
        {"N": 0.5 * 0.7, "S": 0.5 * 0.7, OWN_CLASS: 0.3}
    )
    assert given.margins["size"] == {"1": 0.75, "2": 0.25}
    # Seven of 1 and one of 3 sum to 10, so 8 / 10 brings their mean to 1.
    assert given.base_weight.tolist() == pytest.approx([0, 0] + [0.8] * 7 + [2.4])
    made = rake(given.codes, given.margins, base_weight=given.start)
    table = margin_table(made)
    assert table["difference"].abs().max() < 1e-9


def test_who_is_left_out_is_counted_once_whatever_the_order() -> None:
    # r8 lacks both, r9 the size: the region leaves out the former.
    first = size([0] * 4 + [1] * 4 + [-1, -1])
    second = region([0, 1] * 4 + [-1, 0])
    given = weighting_input(
        *([first, second], BOTH, INDEX),
        missing={"size": "own_class", "region": "exclude"},
    )
    assert [(f.question, f.count) for f in given.findings] == [
        ("region", 1),
        ("size", 1),
    ]
    assert given.margins["size"][OWN_CLASS] == pytest.approx(1 / 9)


def test_a_question_whose_policy_is_not_named_stops_the_run() -> None:
    margin = size([0] * 4 + [1] * 5 + [-1])
    other = region([0, 1] * 5)
    with pytest.raises(MarginError, match="on margin 'size'"):
        weighting_input([margin, other], BOTH, INDEX, missing={"region": "impute"})
    with pytest.raises(MarginError, match="about 'sice', and the margins are 'size'"):
        weighting_input([margin], TARGETS, INDEX, missing={"sice": "impute"})
    with pytest.raises(MarginError, match="no policy 'drop' for missing"):
        weighting_input([margin], TARGETS, INDEX, missing="drop")  # type: ignore[arg-type]
    with pytest.raises(MarginError, match="no policy 'keep' for zero"):
        weighting_input([margin], TARGETS, INDEX, zero="keep")  # type: ignore[arg-type]


def test_a_target_of_zero_stops_the_run_or_goes() -> None:
    targets = targets_of(size={"1": 300.0, "2": 100.0, "9": 0.0})
    frame = pd.DataFrame({"size": ["1"] * 5 + ["2"] * 3 + ["9"] * 2})
    with pytest.raises(MarginError, match="target of 0 for '9', which 2 of 10 resp"):
        frame_input(frame, targets)
    given = frame_input(frame, targets, zero="exclude")
    assert given.margins == {"size": {"1": 0.75, "2": 0.25}}
    assert counts(given) == {"zero_target": 2}
    assert given.base_weight.tolist() == [1.0] * 8 + [0.0] * 2
    made = rake(given.codes, given.margins, base_weight=given.start)
    # 6 over 5, 2 over 3.
    assert made.weight.to_numpy() == pytest.approx([1.2] * 5 + [2 / 3] * 3 + [0] * 2)


def test_who_is_left_out_is_no_donor_and_in_no_share() -> None:
    # Of the north only the firm outside the population has size 2.
    targets = targets_of(size={"1": 0.6, "2": 0.4}, region={"N": 0.5, "S": 0.5, "X": 0})
    frame = pd.DataFrame(
        {"size": ["1", "2", None, "2", None], "region": ["N", "S", "N", "X", "X"]}
    )
    given = frame_input(frame, targets, missing="impute", zero="exclude")
    assert given.codes["size"].tolist()[:3] == ["1", "2", "1"]
    assert counts(given) == {"zero_target": 2, "margin_missing": 1}
    assert given.base_weight.tolist() == [1, 1, 1, 0, 0]


def test_nobody_is_left() -> None:
    margin = size([-1] * 10)
    with pytest.raises(MarginError, match=r"10 of 10 .* Nobody is left to weight"):
        weighting_input([margin], TARGETS, INDEX, missing="exclude")
    with pytest.raises(MarginError, match="nobody has a category on margin 'size'"):
        weighting_input([margin], TARGETS, INDEX, missing="own_class")
    with pytest.raises(MarginError, match="no donor"):
        weighting_input([margin], TARGETS, INDEX, missing="impute")


def test_crossed_margins_in_either_order() -> None:
    first, second = size([0] * 5 + [1] * 5), region([0, 1] * 5)
    for pair in ((first, second), (second, first)):
        given = weighting_input([pair], CROSSED, INDEX)
        assert given.margins == {
            "size x region": pytest.approx(CROSSED.margins["size x region"])
        }
        assert given.codes["size x region"].tolist()[:2] == ["1 x N", "1 x S"]
        assert given.labels["size x region"]["2 x S"] == "Large x South"
    table = margin_table(rake(given.codes, given.margins))
    assert table["weighted"].tolist() == pytest.approx([0.4, 0.3, 0.1, 0.2])
    with pytest.raises(MarginError, match="'region' has no targets"):
        weighting_input([second], CROSSED, INDEX)


def test_who_lacks_one_part_of_a_crossed_margin_is_in_its_class() -> None:
    # r8 lacks the size, r3 and r9 the region: 3 of 10 are in the class of the crossed
    # margin, and 1 of 10 in that of size.
    first = size([0] * 4 + [1] * 4 + [-1, 1])
    second = region([0, 1, 0, -1, 0, 1, 0, 1, 0, -1])
    both = Targets.model_validate(
        {**ABOUT, "margins": {**CROSSED.margins, "size": {"1": 0.7, "2": 0.3}}}
    )
    given = weighting_input([(first, second), first], both, INDEX, missing="own_class")
    assert given.margins["size x region"][OWN_CLASS] == pytest.approx(0.3)
    assert given.margins["size x region"]["1 x N"] == pytest.approx(0.4 * 0.7)
    assert given.margins["size"] == pytest.approx(
        {"1": 0.63, "2": 0.27, OWN_CLASS: 0.1}
    )
    assert [f.question for f in given.findings] == ["size", "region"]
    made = rake(given.codes, given.margins, base_weight=given.start)
    assert margin_table(made)["difference"].abs().max() < 1e-9


BANDS = BandMap.model_validate(
    {
        "column": "q4",
        "bands": [
            {"targets": ["s", "m"], "codes": [1, 2], "note": "asked: 1 to 249."},
            {"targets": ["l"], "codes": [3], "label": "Large"},
        ],
        "missing_codes": ["8"],
        "outside": ["9"],
    }
)
SML = targets_of(size={"s": 40.0, "m": 40.0, "l": 120.0})


def test_a_question_and_a_column_are_mapped_alike() -> None:
    answers = ["1", "2", "3", "8", "9"]
    at = np.arange(5, dtype=np.intp)
    codes = ("1", "2", "3", "8", "9")
    question = Variable("q4", "Size", codes, (), at, None, None, at >= 0)
    frame = pd.DataFrame({"q4": answers})
    one = weighting_input(
        [question], SML, frame.index, mapping={"size": BANDS}, missing="exclude"
    )
    two = frame_input(frame, SML, mapping={"size": BANDS}, missing="exclude")
    pd.testing.assert_frame_equal(one.codes, two.codes)
    assert one.margins == two.margins == {"q4": {"s + m": 0.4, "l": 0.6}}
    assert one.findings == two.findings
    assert one.labels == two.labels == {"q4": {"s + m": "s + m", "l": "Large"}}
    assert counts(two) == {"band_misfit": 2, "margin_outside": 1, "margin_missing": 1}
    assert two.base_weight.tolist() == [1, 1, 1, 0, 0]
    named = frame_input(
        frame, SML, margins=["q4"], mapping={"size": BANDS}, missing="exclude"
    )
    assert named.margins == two.margins


def test_an_answer_without_a_place_is_an_error() -> None:
    frame = pd.DataFrame({"q4": ["1", "3", "4", "4", "7"]})
    with pytest.raises(MarginError, match=r"3 answers are in no .*'4 \(2 x\)', '7 \(1"):
        frame_input(frame, SML, mapping={"size": BANDS})
    # Who has no weight has no say.
    base = pd.Series([1.0, 1.0, 0.0, 0.0, 0.0])
    given = frame_input(frame, SML, mapping={"size": BANDS}, base_weight=base)
    assert given.base_weight.tolist() == [1, 1, 0, 0, 0]
    question = Variable(
        *("q4", "Size", ("1", "2"), (), np.zeros(2, dtype=np.intp), None, None),
        np.ones(2, dtype=bool),
    )
    with pytest.raises(MarginError, match="names the answers '3', '8', '9'"):
        weighting_input([question], SML, INDEX[:2], mapping={"size": BANDS})


def test_columns_that_are_not_there() -> None:
    frame = pd.DataFrame({"q5": ["1"]})
    with pytest.raises(MarginError, match="'q4' is not among the columns"):
        frame_input(frame, SML, mapping={"size": BANDS})
    more = {"size": BANDS, "age": BANDS}
    with pytest.raises(MarginError, match="about margin 'age'"):
        frame_input(frame, SML, mapping=more)
    two = Targets.model_validate(
        {**ABOUT, "margins": {**SML.margins, "sector": SML.margins["size"]}}
    )
    with pytest.raises(MarginError, match="'q4' would be used for several margins"):
        frame_input(frame, two, mapping={"size": BANDS, "sector": BANDS})
    own = Targets.model_validate(
        {**ABOUT, "margins": {**SML.margins, "q4": SML.margins["size"]}}
    )
    with pytest.raises(MarginError, match=r"several margins \('size', 'q4'\)"):
        frame_input(pd.DataFrame({"q4": ["1"]}), own, mapping={"size": BANDS})


def test_an_answer_called_as_the_class_of_no_answer_is_not_lost_in_it() -> None:
    frame = pd.DataFrame({"size": ["1", "2", "no answer", None]})
    targets = targets_of(size={"1": 0.5, "2": 0.5})
    with pytest.raises(MarginError, match="has the answer 'no answer' 1 times"):
        frame_input(frame, targets, missing="own_class")
    bands = {"size": BandMap(missing_codes=("no answer",))}
    given = frame_input(frame, targets, missing="own_class", mapping=bands)
    assert given.margins == {"size": {"1": 0.25, "2": 0.25, "no answer": 0.5}}


def test_numbers_and_texts_are_the_same_categories() -> None:
    targets = targets_of(size={"1": 0.5, "2": 0.5})
    for values in ([1, 2, 2], [1.0, 2.0, 2.0], ["1", " 2", "2"], [True, 2, 2]):
        column = pd.Series(values, dtype=object if True in values else None)
        codes = frame_input(pd.DataFrame({"size": column}), targets).codes
        assert codes["size"].tolist()[1:] == ["2", "2"]


def test_blanks_are_missing_in_a_plain_table() -> None:
    frame = pd.DataFrame({"size": ["1", " ", "2", None, ""]})
    given = frame_input(
        frame, targets_of(size={"1": 0.5, "2": 0.5}), missing="own_class"
    )
    assert counts(given) == {"margin_missing": 3}


def test_the_size_of_the_population() -> None:
    frame = pd.DataFrame({"size": ["1", "2"], "region": ["N", "S"]})
    agree = targets_of(size={"1": 3000, "2": 2000}, region={"N": 2500, "S": 2501})
    assert frame_input(frame, agree).population == 5000
    differ = targets_of(size={"1": 3000, "2": 2000}, region={"N": 2500, "S": 2600})
    given = frame_input(frame, differ)
    assert given.population is None
    assert "size: 5,000, region: 5,100" in given.findings[-1].message
    stated = differ.model_copy(update={"population_size": 4000.0})
    given = frame_input(frame, stated)
    assert given.population == 4000
    found = [each for each in given.findings if each.check == "populations_differ"]
    assert "and the target file states a population of 4,000." in found[0].message
    shares = targets_of(size={"1": 60, "2": 40})
    assert frame_input(frame, shares, margins=["size"]).population is None


def test_base_weights_of_an_earlier_step_stay_a_recipe() -> None:
    frame = pd.DataFrame(
        {"region": ["N", "N", "S", "S"], "size": ["1", "2", "1", None]}
    )
    earlier = rake(frame, {"region": {"N": 0.25, "S": 0.75}})
    targets = targets_of(size={"1": 0.5, "2": 0.5})
    given = frame_input(frame, targets, base_weight=earlier, missing="exclude")
    # 0.5, 0.5, 1.5 of 2.5, scaled to mean 1 among three.
    assert given.base_weight.tolist() == pytest.approx([0.6, 0.6, 1.8, 0])
    made = rake(given.codes, given.margins, base_weight=given.start)
    assert made.steps == ("respondents left out (weight 0): 1",)
    assert remade(made, np.ones(4)) == pytest.approx(made.weight.to_numpy())
    # A replicate without the first respondent: region, then left out, then size.
    again = remade(made, np.array([0.0, 1.0, 1.0, 1.0]))
    assert again == pytest.approx([0, 1, 1, 0])
    kept = frame_input(
        frame.iloc[:3],
        targets,
        base_weight=rake(frame.iloc[:3], {"region": {"N": 0.25, "S": 0.75}}),
    )
    assert isinstance(kept.start, Weighting)
    assert kept.start.margins[0].name == "region"


def test_base_weights_that_cannot_be_used() -> None:
    frame = pd.DataFrame({"size": ["1", "2"], "w": [1.0, -1.0]})
    targets = targets_of(size={"1": 0.5, "2": 0.5})
    with pytest.raises(RakingError, match="negative"):
        frame_input(frame, targets, base_weight="w")
    with pytest.raises(RakingError, match="no respondents"):
        frame_input(frame.iloc[:0], targets)


def test_a_mapping_that_only_names_missing_answers_keeps_labels() -> None:
    firms = pd.DataFrame({"size": ["1", "2", "9", "1"]})
    variable = variables(firms, "size")[0]
    labelled = replace(
        variable,
        rows=tuple(replace(row, label=f"size {row.code}") for row in variable.rows),
    )
    targets = Targets(
        population="firms",
        source="register",
        as_of="2024",
        unit="firms",
        margins={"size": {"1": 0.5, "2": 0.5}},
        mapping={"size": {"missing_codes": ["9"]}},
    )
    given = weighting_input([labelled], targets, firms.index, missing="exclude")
    assert given.labels["size"] == {"1": "size 1", "2": "size 2"}
    assert given.base_weight.tolist() == [1, 1, 0, 1]
