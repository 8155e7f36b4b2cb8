"""Sentences with values, which can be said in every language of a report.

The English template stands in the code that makes the sentence. Another language is
looked up by that template in ``report/words/messages`` and filled with the same values.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Final, TypeAlias

import yaml

Value: TypeAlias = "str | int | float | Said | Wording | tuple[str | Said, ...]"
ENGLISH: Final = "en"
_MOST_LISTED: Final = 8
_QUOTES: Final = {"de": ("„", "“")}
_MARKS: Final = {"de": str.maketrans({",": ".", ".": ",", "%": "\u00a0%"})}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, or a part of one, before it is put into a language.

    Attributes
    ----------
    template : str
        English text with fields such as ``{count}`` and ``{name!r}``.
    values : tuple of (str, value)
        What the fields stand for: a text of the data, a number, another `Said`, a
        `Wording`, or a tuple of texts or `Said`, which is listed.
    """

    template: str
    values: "tuple[tuple[str, Value], ...]" = ()

    def __str__(self) -> str:
        """Say it in English."""
        return tell(self)


@dataclass(frozen=True, slots=True)
class Wording:
    """A text that its author wrote in one or several languages.

    Attributes
    ----------
    texts : tuple of (str, str)
        Language and text; the first stands for languages that are missing.
    """

    texts: tuple[tuple[str, str], ...]


def said(template: str, /, **values: "Value") -> Said:
    """Put a template and its values together.

    Parameters
    ----------
    template : str
        English text. A field is written as a number with separators between
        thousands, or as its format says, which rounds half up; ``!r`` puts a text in
        quotes. Whole numbers that are no counts are given as texts.
    **values
        Values by name.

    Returns
    -------
    Said
        The sentence.

    Examples
    --------
    >>> found = said("{share:.0%} did not answer {name!r}.", share=0.125, name="q1")
    >>> tell(found)
    "13% did not answer 'q1'."
    """
    return Said(template, tuple(values.items()))


def counted(count: int, one: str, many: str, /, **values: "Value") -> Said:
    """Put a number and the template for it together: ``1 record``, ``3 records``.

    Parameters
    ----------
    count : int
        The value of the field ``count``.
    one : str
        English text for 1.
    many : str
        English text for any other number.
    **values
        Other values by name.

    Returns
    -------
    Said
        The sentence.

    Examples
    --------
    >>> [tell(counted(n, "{count} record", "{count} records")) for n in (1, 1250)]
    ['1 record', '1,250 records']
    """
    return said(one if count == 1 else many, count=count, **values)


def tell(sentence: Said, language: str = ENGLISH) -> str:
    r"""Say a sentence in a language.

    Parameters
    ----------
    sentence : Said
        Template and values.
    language : str, default "en"
        ``en`` or ``de``.

    Returns
    -------
    str
        In English where the language has no such template.

    Examples
    --------
    >>> tell(said("{first}, {n}", first=("a", "b"), n=1250), "de")
    '„a“, „b“, 1.250'
    """
    template = _texts(language).get(sentence.template, sentence.template)
    values = dict(sentence.values)
    told = []
    for literal, field, spec, conversion in Formatter().parse(template):
        told.append(literal)
        if field is not None:
            quoted = conversion == "r"
            told.append(_told(values[field], spec or "", language, quoted=quoted))
    return "".join(told)


def with_texts(sentence: Said, change: Callable[[str], str]) -> Said:
    """Change the texts of the data in a sentence.

    Parameters
    ----------
    sentence : Said
        Template and values.
    change : callable
        Gives the new text for an old one.

    Returns
    -------
    Said
        The same template with other values.

    Examples
    --------
    >>> tell(with_texts(said("{a!r} is one of {b}", a="x", b=("x", "y")), str.upper))
    "'X' is one of 'X', 'Y'"
    """
    pairs = ((name, _changed(value, change)) for name, value in sentence.values)
    return Said(sentence.template, tuple(pairs))


def _changed(value: "Value", change: Callable[[str], str]) -> "Value":
    """Change the texts in a value."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Said):
        return with_texts(value, change)
    if isinstance(value, tuple):
        return tuple(
            change(v) if isinstance(v, str) else with_texts(v, change) for v in value
        )
    return value


def _told(value: "Value", spec: str, language: str, *, quoted: bool) -> str:
    """Say a value."""
    if isinstance(value, str):
        return _quoted(value, language) if quoted else value
    if isinstance(value, Said):
        return tell(value, language)
    if isinstance(value, Wording):
        return dict(value.texts).get(language, value.texts[0][1])
    if isinstance(value, tuple):
        return _listed(value, language)
    return _number(value, spec or ",", language)


def _number(value: float, spec: str, language: str) -> str:
    """Write a number, rounded half up on its shortest decimal form."""
    with localcontext(rounding=ROUND_HALF_UP):
        text = f"{value:g}" if spec == "g" else format(Decimal(str(value)), spec)
    return text.translate(_MARKS.get(language, {}))


def _quoted(text: str, language: str) -> str:
    """Put a text of the data in quotes, with signs such as line breaks written out."""
    if language not in _QUOTES:
        return repr(text)
    return repr(text)[1:-1].join(_QUOTES[language])


def _listed(values: "tuple[str | Said, ...]", language: str) -> str:
    """List the first values, texts of the data in quotes."""
    texts = [_told(value, "", language, quoted=True) for value in values]
    shown, rest = ", ".join(texts[:_MOST_LISTED]), len(texts) - _MOST_LISTED
    more = said("{shown} and {count} more", shown=shown, count=rest)
    return tell(more, language) if rest > 0 else shown


@cache
def _texts(language: str) -> Mapping[str, str]:
    """Give the templates of a language by their English ones."""
    if language == ENGLISH:
        return {}
    file = files("survey") / "report" / "words" / "messages" / f"{language}.yaml"
    pairs = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return {pair[ENGLISH]: pair[language] for pair in pairs}
