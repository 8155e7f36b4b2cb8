"""What a report has to say of a survey and the data cannot tell."""

from pydantic import Field

from survey.questionnaire.model import Part, Text


class Disclosure(Part):
    """What a report has to say of a survey and the data cannot tell.

    Attributes
    ----------
    sponsor, conducted_by : text
        Who paid for the survey, and who carried it out.
    population, frame : text
        Whom the numbers speak of, and the list or source of those who were asked.
    mode, language : text
        How the questions were put, and in which languages.
    dates : text
        When; a wave may also state ``fielded``.
    incentives : text
        What respondents were given.
    contact : text
        Whom to ask about the survey.
    """

    sponsor: Text = Field(default_factory=dict)
    conducted_by: Text = Field(default_factory=dict)
    population: Text = Field(default_factory=dict)
    frame: Text = Field(default_factory=dict)
    mode: Text = Field(default_factory=dict)
    language: Text = Field(default_factory=dict)
    dates: Text = Field(default_factory=dict)
    incentives: Text = Field(default_factory=dict)
    contact: Text = Field(default_factory=dict)
