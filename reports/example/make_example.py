"""Make the two figures of the README again from the shipped study."""

from pathlib import Path

from survey.analysis import analyze
from survey.report.charts import image
from survey.report.document import ChartBlock, Report

HERE = Path(__file__).parent
STUDY = HERE.parents[1] / "questionnaires" / "genai-adoption.study.yaml"
FIGURES = ("in_production_by_size", "preference_by")


def figures(report: Report) -> dict[str, bytes]:
    """Draw the figures of the README."""
    blocks = {
        block.name: block
        for page in report.pages
        for block in page.blocks
        if isinstance(block, ChartBlock)
    }
    return {name: image(blocks[name], "png") for name in FIGURES}


if __name__ == "__main__":
    for name, content in figures(analyze(STUDY, waves=["2025"])).items():
        (HERE / f"{name}.png").write_bytes(content)
        print(f"wrote {name}.png")
