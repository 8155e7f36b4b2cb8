"""What contradicts itself in the design of a study, before any data are read."""

from collections.abc import Iterator

from survey.errors import DesignError, some
from survey.estimation.replicates import check_method
from survey.study.model import DesignPlan, Study
from survey.yaml_file import YamlFile

_OF_A_FILE = ("combined", "scale", "rscales")
_OF_WEIGHTS_MADE = {
    "weight": "name the column as 'base_weight' there, or leave 'weighting' out",
    "calibration": "leave it out",
}


def design_problems(study: Study, source: YamlFile) -> Iterator[str]:
    """Find options of the design that contradict each other.

    Parameters
    ----------
    study : Study
        The study.
    source : YamlFile
        Its file, for the lines.

    Yields
    ------
    str
        File, line, what is wrong, and what to do.
    """
    plan = study.design
    try:
        check_method(plan.method, given=bool(plan.replicate_weights))
    except DesignError as problem:
        key = "method" if plan.method else "replicate_weights"
        yield f"{source.place(('design', key))}: {problem}"
    for key in _without_use(plan):
        yield f"{source.place(('design', key))}: {_why(plan, key)}"
    for key, remedy in _OF_WEIGHTS_MADE.items():
        if study.weighting and getattr(plan, key):
            place = source.place(("design", key))
            yield (
                f"{place}: {key!r} is about weights of the export, and the study makes "
                f"its own under 'weighting'. Please {remedy}."
            )


def _without_use(plan: DesignPlan) -> list[str]:
    """List the keys that the others leave no use for."""
    given = plan.model_dump(exclude_defaults=True)
    unused = ("strata", "psu", "fpc") if plan.replicate_weights else _OF_A_FILE
    return [key for key in unused if key in given]


def _why(plan: DesignPlan, key: str) -> str:
    """Say why a key has no use."""
    if plan.replicate_weights:
        return (
            f"replicate weights hold the design already, and {key!r} "
            f"({some(getattr(plan, key))}) would not be used. Leave one of the two out."
        )
    return (
        f"{key!r} describes replicate weights of the export, and there are none. Name "
        "their columns under 'replicate_weights', or leave it out."
    )
