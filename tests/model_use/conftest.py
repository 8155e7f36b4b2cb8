"""A small catalogue, whose steps are known by heart."""

from collections.abc import Callable
from pathlib import Path

import pytest

SMALL = """\
id: small
as_of: 2025-12
families:
  - id: gpt
    name: OpenAI GPT
    aliases: [GPT, ChatGPT, GPT-4o]
    tier: closed
    source: served only
    as_of: 2025-12
  - id: llama
    name: Llama
    aliases: [Llama 3.1]
    tier: restricted
    source: community licence
    as_of: 2025-12
  - id: qwen
    name: Qwen
    varies: true
    lowest: closed
    best: open_weights
    source: Apache-2.0 and service
    as_of: 2025-12
  - id: olmo
    name: OLMo
    whole: [Ai2]
    tier: I
    source: record
    as_of: 2025-12
models:
  - id: meta-llama/Llama-3.1-8B
    name: Llama 3.1 8B
    family: llama
    tier: restricted
    source: community licence
    as_of: 2025-12
not_models: [GPT4All]
"""


@pytest.fixture
def catalogue_file(tmp_path: Path) -> Callable[..., Path]:
    """Write the small catalogue, with one text replaced by another."""

    def make(old: str = "", new: str = "") -> Path:
        assert old in SMALL
        path = tmp_path / "models.yaml"
        path.write_text(SMALL.replace(old, new) if old else SMALL, encoding="utf-8")
        return path

    return make
