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
        "lfdnr",
        "laufendenummer",
        "teilnehmernummer",
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
    "started": (
        "startdate",
        "timestarted",
        "datecreated",
        "starttime",
        "datestarted",
        "started",
        "start",
        "startzeit",
        "datumgestartet",
    ),
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
        "end",
        "submissiontime",
        "submissiondate",
        "datelastaction",
        "datumabgeschickt",
        "fertigstellungszeit",
        "datemodified",
    ),
    "seconds": (
        "durationinseconds",
        "interviewtime",
        "totaltime",
        "durationseconds",
        "qtime",
    ),
    "status": ("finished", "responsestatus", "completionstatus", "status"),
    "language": (
        "language",
        "startlanguage",
        "userlanguage",
        "sprache",
        "startsprache",
    ),
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
        "surname",
        "vorname",
        "nachname",
        "familienname",
        "vorundnachname",
        "name",
        "phone",
        "phonenumber",
        "mobilephone",
        "telefon",
        "telefonnummer",
        "mobilnummer",
        "mobilenumber",
        "handynummer",
        "rufnummer",
        "mailadresse",
        "respondentemail",
        "contactemail",
        "breitengrad",
        "längengrad",
        "geografischebreite",
        "geografischelänge",
        "lat",
        "lon",
        "lng",
        "gpslatitude",
        "gpslongitude",
        "coordinates",
        "koordinaten",
        "workerid",
        "panelid",
        "panelistid",
        "participantid",
        "psid",
        "rid",
        "userid",
        "benutzername",
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
        "letzteseite",
        "zufallsstartwert",
        "refurl",
        "referrerurl",
        "lastmodifiedtime",
        "zeitpunktderletztenänderung",
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
# Timing, browser, display order and text analysis of Qualtrics; timing of LimeSurvey.
_ADDED = re.compile(
    r".*_(?:First Click|Last Click|Page Submit|Click Count|Browser|Version"
    r"|Operating System|Resolution|User Agent|DO(?:_\d+)?)"
    r"|.* - (?:Parent Topics|Topics|Sentiment(?: Score| Polarity)?)"
    r"|Q_(?:TotalDuration|DL|Recaptcha\w*|RelevantID\w*|Duplicate\w*|Ballot\w*"
    r"|Unanswered\w*|Ambiguous\w*|Straightlining\w*)"
    r"|groupTime\d+|[A-Za-z]+\d+\w*Time"
)
# What KoboToolbox and ODK write beside every record, and Decipher.
_BESIDE = re.compile(
    r"_(?:index|notes|tags|status|validation_status|xform_id_string|attachments"
    r"|bamboo_dataset_id|version_?)|__version__|meta[/-]\w+|formhub/uuid|ReviewState"
    r"|Attachments(?:Present|Expected)|FormVersion|markers|dcua|userAgent"
    r"|v(?:list|os|browser|dropout|mobile(?:device|os))(?:r\d+oe)?"
)
_WHERE = re.compile(
    r"_geolocation|_submitted_by|_.+_(?:latitude|longitude|altitude|precision)"
    r"|deviceid|subscriberid|simserial|Submitter(?:ID|Name)|DeviceID"
)


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
    name, own = squeezed(header), header.strip()
    if _WHERE.fullmatch(own):
        return "personal"
    if any(p.fullmatch(own) for p in (_ADDED, _BESIDE)) or _CUSTOM.fullmatch(name):
        return "other"
    return _ROLE.get(name, "")
