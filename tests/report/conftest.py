"""Sample reports: what a study of GenAI adoption has to say, in two languages.

Every number is made up; the texts are finished as the writers receive them.
"""

from dataclasses import dataclass

import pandas as pd
import pytest

from survey.finding import Finding
from survey.report.document import (
    ChartBlock,
    ChartRow,
    ChartSeries,
    ChartValue,
    Note,
    Page,
    Report,
    TableBlock,
    TableCell,
    TableColumn,
    TableRow,
)
from survey.said import said


@dataclass(frozen=True)
class Words:
    """The texts of the sample in one language."""

    language: str
    blank: str
    title: str
    subtitle: str
    cautions: tuple[str, ...]
    headlines: tuple[str, ...]
    barriers: tuple[str, ...]
    barriers_title: str
    barriers_question: str
    barriers_heading: str
    footer: tuple[str, ...]
    stages: tuple[str, ...]
    stages_title: str
    stages_question: str
    dimensions: tuple[str, ...]
    preference_title: str
    preference_question: str
    sides: tuple[str, ...]
    net: str
    sizes: tuple[str, ...]
    industries: tuple[str, ...]
    regions: tuple[str, ...]
    heads: tuple[str, ...]
    rate_title: str
    sections: tuple[str, ...]
    total: str
    bases: tuple[str, ...]
    stub: str
    methods: tuple[str, ...]
    finding: str
    hidden: str


ENGLISH = Words(
    language="en",
    blank="",
    title="Generative AI in organisations 2025",
    subtitle="Adoption, barriers and the choice between open and proprietary models",
    cautions=(
        "The data are synthetic. They show the software and describe no organisation.",
        (
            "The sample is opt-in: intervals measure variation under a model, not a "
            "margin of error."
        ),
    ),
    headlines=(
        "48% of organisations run generative AI in production (interval 44 to 52%).",
        (
            "Security and privacy is named by 63% of those who do not use it, "
            "and ranks first."
        ),
        (
            "41% prefer open models and 9% proprietary ones: a net of +32 points "
            "(interval +27 to +37)."
        ),
    ),
    barriers=(
        "Security and privacy (net)",
        "Data security",
        "Privacy and data protection law",
        "Lack of skilled staff",
        "Unclear return on investment",
        "Integration with existing systems",
        "Licensing and copyright questions",
        "Accuracy of the results",
        "Dependence on a single vendor",
        "Don't know",
    ),
    barriers_title="Security and privacy is the barrier named most often",
    barriers_question="Which of the following keep your organisation from using "
    "generative AI? Please choose all that apply.",
    barriers_heading="Barriers to adoption",
    footer=(
        (
            "Base: organisations that do not use generative AI and answered, n = 214 "
            "(weighted 231, effective 168). Multiple answers."
        ),
        (
            "Weighted by raking to size and region; lines are 95% intervals, "
            "design-based, organisation as PSU."
        ),
        "Source: GenAI adoption study 2025, synthetic data.",
    ),
    stages=(
        "No topic",
        "Exploring",
        "Piloting",
        "First use",
        "In production",
        "Don't know",
    ),
    stages_title="Adoption stage by business function",
    stages_question="How far is the use of generative AI in each of these functions?",
    dimensions=(
        "Overall",
        "Cost",
        "Security",
        "Transparency",
        "Control of data",
        "Scalability",
        "Ease of integration",
        "Long-term sustainability",
    ),
    preference_title="Open models lead on transparency and control, "
    "proprietary ones on ease of integration",
    preference_question="Which kind of model does your organisation prefer with "
    "regard to ...?",
    sides=("Prefer open", "Prefer proprietary", "No preference", "Don't know"),
    net="Net (open minus proprietary)",
    sizes=("1 to 49", "50 to 249", "250 to 999", "1,000 and more"),
    industries=(
        "Information technology",
        "Manufacturing",
        "Financial services",
        "Public administration",
        "Health",
        "Education and research",
        "Retail",
        "Energy and utilities",
        "Telecommunications",
    ),
    regions=("Europe", "North America", "Asia-Pacific", "Rest of the world"),
    heads=("Employees", "Industry", "Region"),
    rate_title="Generative AI in production, by size, industry and region",
    sections=("Results", "Tables", "Methods"),
    total="Total",
    bases=("Unweighted base", "Weighted base", "Effective base"),
    stub="Barriers",
    methods=(
        (
            "Weights come from raking to size and region; the design effect of "
            "weighting is 1.27."
        ),
        "Intervals are logit intervals on the design-based standard error.",
        (
            "Columns are compared in pairs within their group at the 5% level, "
            "with Bonferroni adjustment."
        ),
    ),
    finding="3 respondents gave code 9, which the questionnaire does not have",
    hidden="n/a (n < 30)",
)

GERMAN = Words(
    language="de",
    blank="\xa0",
    title="Generative KI in Organisationen 2025",
    subtitle="Verbreitung, Hürden und die Wahl zwischen offenen und proprietären "
    "Modellen",
    cautions=(
        (
            "Die Daten sind synthetisch. Sie zeigen die Software und beschreiben keine "
            "Organisation."
        ),
        (
            "Die Stichprobe ist selbst gewählt: Intervalle messen Streuung unter einem "
            "Modell, keine Fehlerspanne."
        ),
    ),
    headlines=(
        (
            "48 % der Organisationen setzen generative KI produktiv ein "
            "(Intervall 44 bis 52 %)."
        ),
        (
            "Sicherheit und Datenschutz nennen 63 % derer, die sie nicht einsetzen; "
            "das ist Rang 1."
        ),
        (
            "41 % bevorzugen offene, 9 % proprietäre Modelle: ein Saldo von +32 "
            "Punkten (Intervall +27 bis +37)."
        ),
    ),
    barriers=(
        "Sicherheit und Datenschutz (zusammen)",
        "Datensicherheit",
        "Datenschutzrecht und Persönlichkeitsrechte",
        "Fehlende Fachkräfte",
        "Unklarer wirtschaftlicher Nutzen",
        "Einbindung in bestehende Systeme",
        "Fragen zu Lizenzen und Urheberrecht",
        "Genauigkeit der Ergebnisse",
        "Abhängigkeit von einem einzelnen Anbieter",
        "Weiß nicht",
    ),
    barriers_title="Sicherheit und Datenschutz ist die meistgenannte Hürde",
    barriers_question="Welche der folgenden Gründe halten Ihre Organisation vom "
    "Einsatz generativer KI ab? Mehrere Antworten sind möglich.",
    barriers_heading="Hürden",
    footer=(
        (
            "Basis: Organisationen, die generative KI nicht einsetzen und geantwortet "
            "haben, n = 214 (gewichtet 231, effektiv 168). Mehrfachnennungen."
        ),
        (
            "Gewichtet durch Raking auf Größe und Region; Linien sind "
            "95-%-Intervalle, design-basiert, Organisation als PSU."
        ),
        "Quelle: GenAI-Studie 2025, synthetische Daten.",
    ),
    stages=(
        "Kein Thema",
        "Wird geprüft",
        "Pilotbetrieb",
        "Erster Einsatz",
        "Produktiv",
        "Weiß nicht",
    ),
    stages_title="Stand der Einführung nach Unternehmensbereich",
    stages_question="Wie weit ist der Einsatz generativer KI in diesen Bereichen?",
    dimensions=(
        "Insgesamt",
        "Kosten",
        "Sicherheit",
        "Transparenz",
        "Kontrolle über die Daten",
        "Skalierbarkeit",
        "Einfache Einbindung",
        "Langfristige Nachhaltigkeit",
    ),
    preference_title="Offene Modelle führen bei Transparenz und Kontrolle, "
    "proprietäre bei der Einbindung",
    preference_question="Welche Art von Modellen bevorzugt Ihre Organisation mit "
    "Blick auf ...?",
    sides=("Eher offen", "Eher proprietär", "Keine Präferenz", "Weiß nicht"),
    net="Saldo (offen minus proprietär)",
    sizes=("1 bis 49", "50 bis 249", "250 bis 999", "1.000 und mehr"),
    industries=(
        "Informationstechnik",
        "Verarbeitendes Gewerbe",
        "Finanzdienstleistungen",
        "Öffentliche Verwaltung",
        "Gesundheit",
        "Bildung und Forschung",
        "Einzelhandel",
        "Energie und Versorgung",
        "Telekommunikation",
    ),
    regions=("Europa", "Nordamerika", "Asien-Pazifik", "Übrige Welt"),
    heads=("Beschäftigte", "Branche", "Region"),
    rate_title="Generative KI im produktiven Einsatz nach Größe, Branche und Region",
    sections=("Ergebnisse", "Tabellen", "Methode"),
    total="Gesamt",
    bases=("Basis ungewichtet", "Basis gewichtet", "Basis effektiv"),
    stub="Hürden",
    methods=(
        (
            "Gewichte stammen aus Raking auf Größe und Region; der Designeffekt der "
            "Gewichtung beträgt 1,27."
        ),
        "Intervalle sind Logit-Intervalle auf dem design-basierten Standardfehler.",
        (
            "Spalten werden paarweise innerhalb ihrer Gruppe auf dem 5-%-Niveau "
            "verglichen, mit Bonferroni-Korrektur."
        ),
    ),
    finding="3 Befragte gaben den Code 9 an, den der Fragebogen nicht kennt",
    hidden="k. A. (n < 30)",
)


def percent(words: Words, share: float) -> str:
    return f"{round(share * 100)}{words.blank}%"


def value(
    words: Words, share: float, half: float = 0.06, *, small: bool = False
) -> ChartValue:
    return ChartValue(
        share,
        percent(words, share),
        max(share - half, 0.0),
        min(share + half, 1.0),
        "small" if small else "",
    )


def barriers(words: Words) -> ChartBlock:
    shares = (0.63, 0.52, 0.44, 0.39, 0.31, 0.27, 0.22, 0.17, 0.12, 0.04)
    roles = ("net", *["category"] * 8, "dont_know")
    return ChartBlock(
        name="barriers",
        kind="bars",
        title=words.barriers_title,
        subtitle=words.barriers_question,
        series=(ChartSeries(words.stub),),
        rows=tuple(
            ChartRow(label, (value(words, share),), role)
            for label, share, role in zip(words.barriers, shares, roles, strict=True)
        ),
        footer=words.footer,
        alt="Bar chart of barriers, security and privacy first.",
    )


def stages(words: Words) -> ChartBlock:
    roles = [f"scale:{step}/5" for step in range(1, 6)] + ["dont_know"]
    rows = []
    for number, label in enumerate(words.dimensions):
        raw = [3 + number % 3, 4, 3 + number % 2, 2, 2 + number / 2, 0.6]
        total = sum(raw)
        cells = tuple(value(words, one / total) for one in raw)
        rows.append(ChartRow(label, cells))
    hidden = tuple(ChartValue(None, words.hidden, flag="hidden") for _ in roles)
    rows.append(ChartRow(words.industries[-1], hidden))
    return ChartBlock(
        name="stages",
        kind="stacked",
        title=words.stages_title,
        subtitle=words.stages_question,
        series=tuple(
            ChartSeries(label, role)
            for label, role in zip(words.stages, roles, strict=True)
        ),
        rows=tuple(rows),
        footer=words.footer,
        alt="Stacked bars of adoption stages.",
    )


def preference(words: Words) -> ChartBlock:
    pairs = (
        (0.41, 0.09, 0.38),
        (0.52, 0.14, 0.24),
        (0.36, 0.22, 0.3),
        (0.61, 0.06, 0.22),
        (0.58, 0.11, 0.21),
        (0.3, 0.28, 0.32),
        (0.19, 0.43, 0.28),
        (0.43, 0.32, 0.16),
    )
    roles = ("open", "proprietary", "neutral", "dont_know")
    rows = [
        ChartRow(
            label,
            tuple(value(words, one) for one in (*three, 1 - sum(three))),
            "total" if number == 0 else "category",
            side_text=f"{round((three[0] - three[1]) * 100):+d} (\u00b15)",
        )
        for number, (label, three) in enumerate(
            zip(words.dimensions, pairs, strict=True)
        )
    ]
    return ChartBlock(
        name="preference",
        kind="diverging",
        title=words.preference_title,
        subtitle=words.preference_question,
        series=tuple(
            ChartSeries(label, role)
            for label, role in zip(words.sides, roles, strict=True)
        ),
        rows=tuple(rows),
        footer=words.footer,
        alt="Diverging bars of preference.",
        side_head=words.net,
    )


def rate(words: Words) -> ChartBlock:
    rows = [ChartRow(words.total, (value(words, 0.48, 0.04),), "total")]
    groups = (words.sizes, words.industries, words.regions)
    for head, points in zip(words.heads, groups, strict=True):
        for number, point in enumerate(points):
            share = 0.3 + 0.07 * ((number * 5 + len(points)) % 7)
            cell = value(words, share, 0.05 + 0.01 * number, small=number == 2)
            if point == points[-1] and head == words.heads[1]:
                cell = ChartValue(None, words.hidden, flag="hidden")
            rows.append(ChartRow(point, (cell,), group=head))
    return ChartBlock(
        name="adoption_rate",
        kind="dots",
        title=words.rate_title,
        subtitle=words.stages_question,
        series=(ChartSeries(words.stages[4]),),
        rows=tuple(rows),
        footer=words.footer,
        alt="Dots with intervals by size, industry and region.",
        maximum=1.0,
    )


def cell(words: Words, row: int, column: int) -> TableCell:
    if column == 13:
        return TableCell("n/a", flag="hidden")
    share = (0.63, 0.52, 0.44, 0.39, 0.31, 0.27, 0.22, 0.17, 0.12, 0.0)[row]
    share = share * (1 + 0.03 * ((row * 7 + column * 5) % 11 - 5)) if column else share
    return TableCell(
        percent(words, share) if share else "-",
        share,
        "percent",
        letters="BD" if (row + column) % 7 == 3 and column else "",
        flag="small" if column == 9 else "",
        recipe=f"{words.barriers_question} {words.footer[0]} {words.footer[1]}"
        if column == 0
        else "",
    )


def banner(words: Words, name: str = "barriers_table", wide: int = 3) -> TableBlock:
    columns = [TableColumn(words.total, "")]
    groups = (words.sizes, words.industries, words.regions)
    for head, points in list(zip(words.heads, groups, strict=True))[:wide]:
        columns += [
            TableColumn(point, chr(65 + number), head)
            for number, point in enumerate(points)
        ]
    bases = [
        TableRow(
            label,
            tuple(
                TableCell(str(number), float(number), "count")
                for number in [214 - 9 * base, *[35 + 3 * c for c in range(30)]][
                    : len(columns)
                ]
            ),
            "base",
        )
        for base, label in enumerate(words.bases)
    ]
    body = [
        TableRow(
            label,
            tuple(cell(words, row, column) for column in range(len(columns))),
            "net" if row == 0 else "category",
            1 if row in (1, 2) else 0,
        )
        for row, label in enumerate(words.barriers)
    ]
    return TableBlock(
        name=name,
        title=words.barriers_title,
        stub_head=words.stub,
        columns=tuple(columns),
        rows=(*bases, *body),
        notes=(words.footer[0], words.methods[2]),
    )


def topline(words: Words) -> TableBlock:
    whole = banner(words, "barriers_topline", wide=1)
    return TableBlock(
        whole.name,
        whole.title,
        whole.stub_head,
        whole.columns,
        whole.rows,
        whole.notes,
    )


def results(words: Words) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "wave": "2025",
            "question": "barriers",
            "code": [str(code) for code in range(len(words.barriers))],
            "label": list(words.barriers),
            "banner": "",
            "point": words.total,
            "statistic": "share",
            "estimate": [0.63, 0.52, 0.44, 0.39, 0.31, 0.27, 0.22, 0.17, 0.12, None],
            "conf_low": 0.1,
            "conf_high": 0.7,
            "count": 12,
            "base_unweighted": 300,
            "note": "",
        }
    )


def sample(words: Words) -> Report:
    results_name, tables_name, methods_name = words.sections
    return Report(
        name="genai-adoption",
        title=words.title,
        subtitle=words.subtitle,
        language=words.language,
        cautions=words.cautions,
        pages=(
            Page("rate", words.rate_title, (rate(words),), results_name),
            Page(
                "barriers",
                words.barriers_heading,
                (
                    barriers(words),
                    Note(words.headlines[1], kind="finding"),
                    topline(words),
                ),
                results_name,
            ),
            Page(
                "preference",
                words.preference_title,
                (preference(words), Note(words.cautions[1], kind="caution")),
                results_name,
            ),
            Page("stages", words.stages_title, (stages(words),), results_name),
            Page("tables", words.stub, (banner(words),), tables_name),
            Page(
                "methods",
                methods_name,
                (
                    Note(words.methods[0]),
                    Note("", words.methods[1:]),
                ),
                methods_name,
            ),
        ),
        findings=(
            Finding(
                "warning", "unknown_code", "q4", said("{text}", text=words.finding), 3
            ),
            Finding(
                "note", "duplicate", "", said("2 x =id"), 2, "left out", ("r7", "r9")
            ),
        ),
        results=results(words),
        headlines=words.headlines,
        provenance={
            "study": {"name": "genai-adoption"},
            "inputs": [{"name": "wave.csv", "sha256": "0" * 64}],
        },
    )


@pytest.fixture(params=[ENGLISH, GERMAN], ids=["en", "de"])
def report(request: pytest.FixtureRequest) -> Report:
    """The sample in each language."""
    return sample(request.param)


@pytest.fixture
def english() -> Report:
    """The sample in English."""
    return sample(ENGLISH)
