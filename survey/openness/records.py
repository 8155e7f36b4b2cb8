"""What a record says of a release, before any rule is applied to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from survey.said import Said

DISTRIBUTION: Final = "distribution"
PARTS: Final = ("code", "data", "document", DISTRIBUTION)


@dataclass(frozen=True, slots=True)
class Assertion:
    """A component that the author of a record states to be there, and why.

    Attributes
    ----------
    component : str
        What counts as released.
    reason : str
        Why, in the words of the author.
    inside : str
        Component that holds it, whose licence it has; empty where it stands alone.
    """

    component: str
    reason: str
    inside: str = ""


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """One release.

    Attributes
    ----------
    name, producer, huggingface : str
        Of the release; the id at the hub, without its address.
    licences : mapping of str to str
        Licences of the release by ``code``, ``data``, ``document``, ``distribution``.
    components : mapping of str to (str or None)
        Licence of every component that is listed; None where it is not said, and
        empty where it is said that there is none.
    assertions : tuple of Assertion
        Components that are stated to be part of others.
    file, sha256 : str
        Where the record came from, and its hash.
    warnings : tuple of Said
        What was read otherwise than it was written.
    """

    name: str
    producer: str
    components: Mapping[str, str | None]
    licences: Mapping[str, str] = field(default_factory=dict)
    huggingface: str = ""
    assertions: tuple[Assertion, ...] = ()
    file: str = ""
    sha256: str = ""
    warnings: tuple[Said, ...] = ()
