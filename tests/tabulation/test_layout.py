"""Tables as they are read, and under several weightings side by side."""

from typing import Any

import numpy as np
import pandas as pd

from survey.estimation.design import SurveyDesign
from survey.questionnaire.model import Net
from survey.tabulation.crosstab import crosstab
from survey.tabulation.layout import Crosstab

N = 480
RANDOM = np.random.default_rng(13)
FRAME = pd.DataFrame(
    {
        "uses": RANDOM.choice(["yes", "no", "later"], N, p=[0.5, 0.3, 0.2]),
        "size": RANDOM.choice(["small", "medium", "large"], N),
        "region": RANDOM.choice(["n", "s"], N),
        "trust": pd.Categorical(RANDOM.integers(1, 6, N), ordered=True),
        "jobs": RANDOM.uniform(0.5, 5, N),
        "firms": RANDOM.uniform(0.5, 2, N),
    }
)
BY_JOBS, BY_FIRMS = SurveyDesign(weight="jobs"), SurveyDesign(weight="firms")


def test_several_weightings_stand_side_by_side() -> None:
    def made(design: Any) -> Crosstab:
        return crosstab(
            FRAME,
            ["uses", "trust"],
            ["size", "region"],
            design=design,
            percent=("column", "row", "total"),
            summaries=["mean"],
        )

    both = made({"firms": BY_FIRMS, "jobs": BY_JOBS})
    for name, design in (("firms", BY_FIRMS), ("jobs", BY_JOBS)):
        alone = made(design)
        for kind in ("cells", "bases", "tests"):
            frame = getattr(both, kind)
            mine = frame[frame["weighting"] == name].reset_index(drop=True)
            wanted = getattr(alone, kind).assign(weighting=name)
            pd.testing.assert_frame_equal(mine, wanted)
    assert len(both.cells) == 2 * len(alone.cells)
    assert (alone.cells["weighting"] == "").all()
    assert (both.stub, both.titles) == (alone.stub, alone.titles)


def test_a_wide_table_has_the_cells_in_the_order_in_which_it_is_read() -> None:
    table = crosstab(FRAME, ["uses", "region"], ["size"], percent=["column", "row"])
    wide = table.wide()
    assert wide.index.names == ["question", "code", "label", "statistic"]
    assert list(wide.columns) == [
        ("", "Total"),
        ("size", "large"),
        ("size", "medium"),
        ("size", "small"),
    ]
    assert [(row[0], row[1], row[3]) for row in wide.index] == [
        *[("uses", code, "share") for code in ("later", "no", "yes")],
        *[("uses", code, "row_share") for code in ("later", "no", "yes")],
        *[("region", code, "share") for code in "ns"],
        *[("region", code, "row_share") for code in "ns"],
    ]
    assert wide.to_numpy().ravel().tolist() == table.cells["estimate"].tolist()
    marked = table.wide("letters")
    assert marked.to_numpy().ravel().tolist() == table.cells["letters"].tolist()


def test_a_wide_table_of_several_weightings_has_their_columns() -> None:
    table = crosstab(
        FRAME, "uses", "region", design={"firms": BY_FIRMS, "jobs": BY_JOBS}
    )
    wide = table.wide()
    assert wide.shape == (3, 6)
    assert list(wide.columns) == [
        (name, banner, point)
        for name in ("firms", "jobs")
        for banner, point in [("", "Total"), ("region", "n"), ("region", "s")]
    ]
    alone = crosstab(FRAME, "uses", "region", design=BY_JOBS).wide()
    assert wide["jobs"].to_numpy().tolist() == alone.to_numpy().tolist()


def test_a_wide_table_may_repeat_questions_and_labels() -> None:
    net = Net(code="large", label="large", codes=("s1", "s2"))
    data = FRAME.assign(size=FRAME["size"].map({"small": "s1", "medium": "s2"}))
    data["size"] = data["size"].fillna("other")
    table = crosstab(data, ["uses", "uses"], ["size", "size"], nets={"size": [net]})
    assert table.wide().shape == (6, 9)
    assert crosstab(FRAME, [], "size").wide().shape == (0, 0)
