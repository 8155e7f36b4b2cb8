"""What can be compared between two waves, statistic by statistic, and why not.

Nothing is compared that the contract does not allow: no arrow, no difference, no line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

ChangeKind = Literal[
    "same",
    "new",
    "dropped",
    "reused_id",
    "reworded",
    "kind_changed",
    "options_added",
    "options_removed",
    "options_merged",
    "options_split",
    "options_reordered",
    "options_reworded",
    "recoded",
    "scale_changed",
    "items_added",
    "items_removed",
    "routing_changed",
    "base_changed",
    "cap_changed",
    "position_changed",
    "universe_changed",
    "recruitment_changed",
    "weighting_changed",
]
Verdict = Literal["comparable", "recode", "common_base", "not_comparable"]
Statistic = Literal["share", "net", "mean", "rank"]
CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs between two waves.

    Attributes
    ----------
    kind : str
        One of `CHANGE_KINDS`.
    question : str
        Id of the question in the newer wave, or in the older one where it was
        dropped; empty for the whole survey.
    code : str
        Category or item it is about; empty for the whole question.
    before, after : str
        How it was and how it is: wording, codes, a routing, a number. Texts come
        from the questionnaires.
    """

    kind: ChangeKind
    question: str
    code: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Consequence:
    """Whether a statistic of a row can be compared, and the change that decides.

    Attributes
    ----------
    verdict : {"comparable", "recode", "common_base", "not_comparable"}
        ``recode``: after the recode that is proposed, once the study accepts it.
        ``common_base``: among those who were asked in both waves by both routings.
    because : str
        Kind of the change that decides; empty where nothing differs.
    """

    verdict: Verdict
    because: ChangeKind | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class QuestionContract:
    """A question in two waves.

    Attributes
    ----------
    question, earlier : str
        Ids in the newer and in the older wave.
    changes : tuple of Change
        All that differs; a single ``same`` where nothing does.
    codes : mapping of str to tuple of str
        Codes of the newer wave, with those of the older one that they stand for;
        several where options were merged. A code without counterpart is missing.
    items : mapping of str to str
        Items of a grid in the newer wave, with those of the older one.
    consequences : mapping of (statistic, code) to Consequence
        ``code`` is empty for a mean or a rank, and as a default for all codes.
    rows : mapping of str to (tuple of str, tuple of str)
        What is compared with what: a code (of the newer wave, or made by a recode)
        with the codes of the newer and those of the older wave that count for it.
        A recode that is proposed is not in here before it is accepted.
    recode : mapping of str to tuple of str
        Recode that would make both waves comparable, or that the study accepts: code
        to codes, of either wave; empty where none is proposed.
    accepted : bool
        Whether the study accepts the recode.
    proposal : str
        What accepts the recode, to stand under ``recodes`` of the newer wave in the
        study; empty where there is nothing to accept.
    common_base : str
        Routing that both waves can be held to, in the grammar of ``asked_if`` and in
        the names of the newer wave; empty where the base did not change.
    earlier_base : str
        The same in the names of the older wave.
    reason : mapping of language to str
        Why the study compares the question in spite of its changes; empty where it
        does not say so.
    """

    question: str
    earlier: str
    changes: tuple[Change, ...]
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    consequences: Mapping[tuple[Statistic, str], Consequence] = field(
        default_factory=dict
    )
    rows: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(
        default_factory=dict
    )
    recode: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    accepted: bool = False
    proposal: str = ""
    common_base: str = ""
    earlier_base: str = ""
    reason: Mapping[str, str] = field(default_factory=dict)

    def consequence(self, statistic: Statistic, code: str = "") -> Consequence:
        """Give what a statistic of a row may be compared for.

        Parameters
        ----------
        statistic : {"share", "net", "mean", "rank"}
            What is compared.
        code : str
            Category or net of the newer wave.

        Returns
        -------
        Consequence
            That of the code, else that of the question, else not comparable.
        """
        own = self.consequences.get((statistic, code))
        whole = self.consequences.get((statistic, ""))
        return own or whole or Consequence("not_comparable", "new")


@dataclass(frozen=True, slots=True)
class WaveContract:
    """Two waves of a study.

    Attributes
    ----------
    newer, older : str
        Ids of the waves.
    questions : mapping of str to QuestionContract
        By id in the newer wave; a question that is new has no entry.
    changes : tuple of Change
        Of the survey as a whole, and questions that are new or were dropped.
    """

    newer: str
    older: str
    questions: Mapping[str, QuestionContract]
    changes: tuple[Change, ...] = ()
