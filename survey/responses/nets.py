"""Nets: several codes taken together, above the categories or as an outline.

A net may name other nets; whoever chose several of its codes counts once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from survey.errors import QuestionError, some
from survey.questionnaire.model import Net, in_language
from survey.responses.variable import Row, Variable


def with_nets(
    variable: Variable,
    nets: Sequence[Net],
    *,
    outline: bool = False,
    language: str = "",
) -> Variable:
    """Add nets to the rows of a variable.

    Parameters
    ----------
    variable : Variable
        Single or multiple response.
    nets : sequence of Net
        Each names codes of the variable, nets that it has, or other nets given here.
    outline : bool, default False
        Whether categories and nets stand beneath the net that names them, one step
        deeper. Otherwise all nets stand above all categories.
    language : str
        Language of the labels.

    Returns
    -------
    Variable
        The same answers with more rows. A net holds the codes of its nets, each once.

    Raises
    ------
    QuestionError
        A net has the code of another row, names a code twice or one that is not
        there, or nets name each other in a circle. In an outline: a row is named by
        two nets, or the variable is an outline already.

    Examples
    --------
    >>> import numpy as np
    >>> rows = tuple(Row(code, code, (code,)) for code in ("1", "2", "3"))
    >>> stage = Variable("stage", "Stage", ("1", "2", "3"), rows,
    ...                  np.array([0, 1, 2]), None, None, np.ones(3, dtype=bool))
    >>> nets = [Net(code="any", label="Any", codes=["more", "1"]),
    ...         Net(code="more", label="More", codes=["2", "3"])]
    >>> [row.codes for row in with_nets(stage, nets).rows[:2]]
    [('2', '3', '1'), ('2', '3')]
    >>> [(row.code, row.depth) for row in with_nets(stage, nets, outline=True).rows]
    [('any', 0), ('more', 1), ('2', 2), ('3', 2), ('1', 1)]
    """
    if not nets:
        return variable
    members: dict[str, tuple[str, ...]] = {code: (code,) for code in variable.codes}
    members |= {row.code: row.codes for row in variable.rows}
    codes = net_codes(nets, members, variable.name)
    heads = tuple(
        Row(net.code, in_language(net.label, language), codes[net.code], "net")
        for net in nets
    )
    rows = (*heads, *variable.rows)
    if outline:
        rows = tuple(_outline(nets, rows, variable))
    return replace(variable, rows=rows)


def net_codes(
    nets: Sequence[Net],
    members: Mapping[str, tuple[str, ...]],
    name: str,
    *,
    taken: Sequence[str] = (),
) -> dict[str, tuple[str, ...]]:
    """Find the category codes of nets that may name one another.

    Parameters
    ----------
    nets : sequence of Net
        Codes taken together.
    members : mapping of str to tuple of str
        What a net may name beside other nets, and the category codes that it means.
    name : str
        Question, for messages.
    taken : sequence of str
        Further codes that no net may have, such as categories outside the base.

    Returns
    -------
    dict of str to tuple of str
        Category codes of every net, each once.

    Raises
    ------
    QuestionError
        As for `with_nets`.

    Examples
    --------
    >>> nets = [Net(code="all", label="", codes=["ab", "c"]),
    ...         Net(code="ab", label="", codes=["a", "b"])]
    >>> net_codes(nets, {"a": ("a",), "b": ("b",), "c": ("c",)}, "q")["all"]
    ('a', 'b', 'c')
    """
    by_code = {net.code: net for net in nets}
    used = {*members, *taken}
    for net in nets:
        if net.code in used:
            raise QuestionError(
                f"Net {net.code!r} of question {name!r} has the code of a "
                "category or of another net. Give it a code of its own."
            )
        used.add(net.code)
        _check_names(net, by_code, members, name)
    return {net.code: _expanded(net, by_code, members, name, ()) for net in nets}


def possible_nets(nets: Sequence[Net], codes: Iterable[str]) -> tuple[Net, ...]:
    """Keep the nets whose codes are all there, in this wave or instrument.

    Parameters
    ----------
    nets : sequence of Net
        Codes taken together.
    codes : iterable of str
        Codes of the question.

    Returns
    -------
    tuple of Net
        A net that names a net which is left out is left out as well.

    Examples
    --------
    >>> nets = [Net(code="all", label="", codes=["ab", "c"]),
    ...         Net(code="ab", label="", codes=["a", "b"])]
    >>> possible_nets(nets, ["a", "c"])
    ()
    """
    kept, known = tuple(nets), set(codes)
    while True:
        there = known | {net.code for net in kept}
        fewer = tuple(net for net in kept if there.issuperset(net.codes))
        if len(fewer) == len(kept):
            return kept
        kept = fewer


def _check_names(
    net: Net, by_code: Mapping[str, Net], members: Mapping[str, object], name: str
) -> None:
    """Refuse codes that are not there or stand twice."""
    unknown = [c for c in net.codes if c not in members and c not in by_code]
    if unknown:
        raise QuestionError(
            f"Net {net.code!r} of question {name!r} names code {some(unknown)}, "
            f"which is not in its base. Codes in the base: {some(sorted(members), 40)}."
        )
    twice = [code for code, times in Counter(net.codes).items() if times > 1]
    if twice:
        raise QuestionError(
            f"Net {net.code!r} of question {name!r} names code {some(twice)} twice. "
            "Name it once."
        )


def _expanded(
    net: Net,
    by_code: Mapping[str, Net],
    members: Mapping[str, tuple[str, ...]],
    name: str,
    above: tuple[str, ...],
) -> tuple[str, ...]:
    """Put the codes of nets in place of the nets."""
    path = (*above, net.code)
    if net.code in above:
        circle = " > ".join(path[path.index(net.code) :])
        raise QuestionError(
            f"Nets of question {name!r} name each other in a circle: {circle}. "
            "Take one of them out of the other."
        )
    found: list[str] = []
    for code in net.codes:
        inner = by_code.get(code)
        found += (
            members[code]
            if inner is None
            else _expanded(inner, by_code, members, name, path)
        )
    return tuple(dict.fromkeys(found))


def _outline(
    nets: Sequence[Net], rows: Sequence[Row], variable: Variable
) -> Iterator[Row]:
    """Order rows as an outline: what no net names stands at the left."""
    if any(row.depth for row in variable.rows):
        raise QuestionError(
            f"The rows of {variable.name!r} are an outline already. Give all nets at "
            "once."
        )
    inside = {net.code: net.codes for net in nets}
    times = Counter(code for net in nets for code in net.codes)
    for code, number in times.items():
        if number > 1:
            both = some([net.code for net in nets if code in net.codes])
            raise QuestionError(
                f"{code!r} of question {variable.name!r} is named by {number} nets "
                f"({both}), and in an outline it stands beneath one. Let one net name "
                "the other, or leave out outline=True."
            )
    by_code = {row.code: row for row in rows}
    for row in rows:
        if row.code not in times:
            yield from _branch(row.code, 0, inside, by_code)


def _branch(
    code: str,
    depth: int,
    inside: Mapping[str, Sequence[str]],
    rows: Mapping[str, Row],
) -> Iterator[Row]:
    """Give a row and what stands beneath it; a code without a row is only counted."""
    if code in rows:
        yield replace(rows[code], depth=depth)
    for below in inside.get(code, ()):
        yield from _branch(below, depth + 1, inside, rows)
