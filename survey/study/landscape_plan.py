"""Listings of models that a study reports beside its survey."""

from pydantic import Field

from survey.questionnaire.model import Part


class ListingPlan(Part):
    """One listing of models.

    Attributes
    ----------
    file : str
        CSV, JSON, JSON lines or Parquet, relative to the study.
    date : str
        Day of the listing (``2026-05-07``), where the file does not tell it.
    selection : str
        How its models were chosen (``top 300 by downloads``), where the file does not
        tell it.
    """

    file: str
    date: str = ""
    selection: str = ""


class LandscapePlan(Part):
    """The listings that a section of the report is about; several are compared.

    A run that analyses some waves only has no such section.
    """

    listings: tuple[ListingPlan, ...] = Field(min_length=1)
