"""All nets that a study wants of a question; indicators are nets, too."""

from collections.abc import Mapping

from survey.indicators.adoption import adoption_nets
from survey.indicators.preference import preference_nets
from survey.model_use.values import BELOW_3, BELOW_CODES, OPENNESS
from survey.questionnaire.model import Net
from survey.study.model import Study


def wanted_nets(
    study: Study, question_id: str, words: Mapping[str, str]
) -> tuple[Net, ...]:
    """Collect the nets of a question, whether its codes allow them or not.

    Parameters
    ----------
    study : Study
        Names nets and indicators.
    question_id : str
        What was asked.
    words : mapping of str to str
        Labels of the indicators: ``in_production``, ``using``, ``share_open``,
        ``share_proprietary``.

    Returns
    -------
    tuple of Net
        Those of the indicators first.

    Examples
    --------
    >>> wave = {"id": 1, "file": "f.csv", "questionnaire": "q.yaml"}
    >>> adoption = {"question": "stage", "in_production": 5, "using": [4, 5]}
    >>> study = Study(name="s", title="S", waves=[wave],
    ...               indicators={"adoption": adoption})
    >>> labels = {"in_production": "In production", "using": "Using"}
    >>> [net.code for net in wanted_nets(study, "stage", labels)]
    ['in_production', 'using']
    """
    nets = study.nets.get(question_id, ())
    adoption = study.indicators.adoption
    if adoption and adoption.question == question_id:
        labels = words["in_production"], words["using"]
        nets = (*adoption_nets(adoption.in_production, adoption.using, labels), *nets)
    plan = study.indicators.preference
    if plan and question_id in {plan.overall, plan.dimensions}:
        labels = words["share_open"], words["share_proprietary"]
        nets = (*preference_nets(plan.open, plan.proprietary, labels), *nets)
    if study.models and question_id == OPENNESS:
        label = {"": words.get("models_below_class_3", "")}
        nets = (Net(code=BELOW_3, label=label, codes=BELOW_CODES), *nets)
    return nets
