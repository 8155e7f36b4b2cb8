"""Adoption: share in production, share using at all, as nets of the stage question."""

from collections.abc import Sequence

from survey.questionnaire.model import Net

IN_PRODUCTION = "in_production"
USING = "using"


def adoption_nets(
    in_production: Sequence[str],
    using: Sequence[str],
    labels: tuple[str, str],
) -> tuple[Net, Net]:
    """Give the two adoption rates as nets of the question on the stage.

    Parameters
    ----------
    in_production, using : sequence of str
        Codes of the stage question that count; `using` includes `in_production`.
    labels : (str, str)
        What the two rates are called.

    Returns
    -------
    (Net, Net)
        ``in_production`` and ``using``.

    Examples
    --------
    >>> adoption_nets(["5"], ["4", "5"], ("In production", "Using"))[1].codes
    ('4', '5')
    """
    return (
        Net(code=IN_PRODUCTION, label={"": labels[0]}, codes=tuple(in_production)),
        Net(code=USING, label={"": labels[1]}, codes=tuple(using)),
    )
