"""Columns that platforms add themselves, known by their headers.

A column is taken for one only when the whole header matches: "Status" is one,
"Status of your AI strategy" is a question.
"""

import re
from typing import Final, Literal

from survey.importers.labels import comparable

Role = Literal[
    "respondent",
    "organisation",
    "started",
    "finished",
    "seconds",
    "status",
    "language",
    "weight",
    "personal",
    "other",
    "",
]

# Within a role, the earlier header wins where an export has several of them.
HEADERS: Final[dict[Role, tuple[str, ...]]] = {
    "respondent": (
        "respondentid",
        "responseid",
        "id",
        "caseid",
        "case",
        "recordid",
        "recordno",
        "uuid",
        "submissionid",
        "antwortid",
        "lfdn",
    ),
    "organisation": (
        "organisationid",
        "organizationid",
        "orgid",
        "companyid",
        "organisation",
        "organization",
        "organisationskennung",
    ),
    "started": ("startdate", "timestarted", "starttime", "datestarted", "started"),
    "finished": (
        "submitdate",
        "datesubmitted",
        "enddate",
        "endtime",
        "completiontime",
        "timestamp",
        "zeitstempel",
        "recordeddate",
        "datestamp",
    ),
    "seconds": ("durationinseconds", "interviewtime", "totaltime", "durationseconds"),
    "status": ("finished", "responsestatus", "completionstatus", "status"),
    "language": ("language", "startlanguage", "userlanguage", "sprache"),
    "weight": ("weight", "surveyweight", "gewicht", "gewichtung"),
    "personal": (
        "ipaddress",
        "ipaddr",
        "ipadresse",
        "ip",
        "emailaddress",
        "email",
        "emailadresse",
        "firstname",
        "lastname",
        "fullname",
        "vorname",
        "nachname",
        "name",
        "phone",
        "phonenumber",
        "telefon",
        "recipientlastname",
        "recipientfirstname",
        "recipientemail",
        "locationlatitude",
        "locationlongitude",
        "latitude",
        "longitude",
        "token",
        "prolificpid",
        "username",
    ),
    "other": (
        "collectorid",
        "lastpage",
        "seed",
        "refurl",
        "distributionchannel",
        "externalreference",
        "progress",
        "serial",
        "sequence",
        "seq",
        "rds",
        "minutes",
        "surveyversion",
        "responsetype",
    ),
}

_ROLE: Final[dict[str, Role]] = {
    header: role for role, headers in HEADERS.items() for header in headers
}
_CUSTOM = re.compile(r"customdata\d*")


def squeezed(header: str) -> str:
    """Give a header without case, blanks and punctuation.

    Parameters
    ----------
    header : str
        Header of a column.

    Returns
    -------
    str
        Letters and digits only.

    Examples
    --------
    >>> squeezed("Duration (in seconds)")
    'durationinseconds'
    """
    return "".join(sign for sign in comparable(header) if sign.isalnum())


def role_of(header: str) -> Role:
    """Say what a column that the platform adds stands for.

    Parameters
    ----------
    header : str
        Header of a column.

    Returns
    -------
    Role
        Empty for a question.

    Examples
    --------
    >>> role_of("Start Date"), role_of("Status of your AI strategy")
    ('started', '')
    """
    name = squeezed(header)
    return "other" if _CUSTOM.fullmatch(name) else _ROLE.get(name, "")
