"""Shared: responses bound from columns of text."""

from collections.abc import Callable
from typing import Any

import pytest

from survey.importers.raw import RawTable
from survey.questionnaire.model import Questionnaire
from survey.responses.bind import bind
from survey.responses.table import Responses


@pytest.fixture
def responses(
    raw_table: Callable[..., RawTable], questionnaire: Callable[..., Questionnaire]
) -> Callable[..., Responses]:
    def make(
        columns: dict[str, list[Any]], *questions: dict[str, Any], **keys: Any
    ) -> Responses:
        return bind(raw_table(columns), questionnaire(*questions, **keys))

    return make
