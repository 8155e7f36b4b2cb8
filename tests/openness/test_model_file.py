"""A wrong file is told with its line, and a right one is read as it is written."""

import os
from pathlib import Path

import pytest

from survey.errors import ModelFileError
from survey.openness.model_file import read_model
from survey.said import tell

HEAD = "release:\n  name: m\n  producer: p\n  license: {}\n  components:\n"


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "model.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refused(path: Path, *, tolerant: bool = False) -> str:
    with pytest.raises(ModelFileError) as caught:
        read_model(path, tolerant=tolerant)
    return str(caught.value).replace(str(path), "FILE")


def test_a_right_file(written) -> None:
    record = read_model(
        written(
            "framework: {name: Model Openness Framework}\n"
            "release:\n  name: m\n  producer: ''\n  extra: 1\n"
            "  huggingface: https://huggingface.co/org/model/tree/main\n"
            "  license:\n    distribution: {name: MIT, path: x}\n"
            "    code: {name: null}\n"
            "  components:\n  - name: Model card\n"
            "  - {name: Datasets, license: unlicensed}\n"
            "  - {name: Data card, license: null}\n"
        )
    )

    assert (record.name, record.producer) == ("m", "")
    assert record.huggingface == "org/model"
    assert record.licences == {"distribution": "MIT", "code": ""}
    assert record.components == {
        "Model card": None,
        "Datasets": "unlicensed",
        "Data card": None,
    }
    assert len(record.sha256) == 64


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://huggingface.co/a/b", "a/b"),
        ("https://huggingface.co/a/b/blob/main/README.md", "a/b"),
        ("a/b", "a/b"),
        ("https://huggingface.co/collections/a/b", ""),
        ("a title", ""),
    ],
)
def test_ids_at_the_hub(written, address: str, expected: str) -> None:
    text = HEAD.replace("  license", f"  huggingface: {address}\n  license")

    assert read_model(written(text + "  - name: Datasets\n")).huggingface == expected


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\n", 1, "needs the key 'release'"),
        ("release: text\n", 1, "no record of a model"),
        ("- 1\n", 1, "no keys"),
        ("", 1, "no keys"),
        ("release: [\n", 2, ""),
        ("a: 1\n---\nb: 2\n", 2, "another document"),
        ("release:\n\tname: m\n", 2, "a tab"),
        (
            "release: {name: m, license: {}, components: []}\n",
            1,
            "'producer' is missing",
        ),
        (
            "release: {name: m, producer: p, components: []}\n",
            1,
            "'license' is missing",
        ),
        (
            "release: {name: m, producer: p, license: {}}\n",
            1,
            "'components' is missing",
        ),
        (HEAD.replace("name: m", "name: ''") + "  - name: Datasets\n", 2, "is empty"),
        (HEAD.replace("name: m", "name: 4") + "  - name: Datasets\n", 2, "not a text"),
        (HEAD.replace("{}", "MIT") + "  - name: Datasets\n", 4, "not keys such as"),
        (
            HEAD.replace("{}", "{code: MIT}") + "  - name: Datasets\n",
            4,
            "release.license.code is 'MIT'",
        ),
        (
            HEAD.replace("{}", "{dstribution: {name: MIT}}") + "  - name: Datasets\n",
            4,
            "Did you mean 'distribution'?",
        ),
        (HEAD + "    Datasets: 1\n", 5, "not a list"),
        (HEAD + "  - Datasets\n", 6, "Write it as '- name: ...'"),
        (HEAD + "  - license: MIT\n", 6, "'name' is missing"),
        (HEAD + "  - name: Data sets\n", 6, "Did you mean 'Datasets'?"),
        (HEAD + "  - name: model card\n", 6, "Did you mean 'Model card'?"),
        (HEAD + "  - name: zzz\n", 6, "The framework has: Model architecture"),
        (
            HEAD + "  - name: Datasets\n  - name: Model card\n  - name: Datasets\n",
            8,
            "again, after line 6",
        ),
        (HEAD + "  - {name: Datasets, license: 5}\n", 6, "not a text"),
        (HEAD + "  - {name: Datasets, license: [MIT]}\n", 6, "not a text"),
        (HEAD + "  - name: Datasets\n    licence: MIT\n", 7, "Did you mean 'license'?"),
        (
            HEAD + "  - name: Datasets\n    license: |\n      MIT\n      x\n",
            7,
            "the text of",
        ),
        (HEAD + f"  - name: Datasets\n    license: {'x' * 201}\n", 7, "201 letters"),
        (
            HEAD + "  - name: Datasets\n    license: Permission is hereby granted\n",
            7,
            "Write the SPDX id",
        ),
        (HEAD + "  - name: Datasets\n    name: Model card\n", 7, "twice"),
        (HEAD + "    []\nassertions: {a: 1}\n", 7, "not a list"),
        (HEAD + "    []\nassertions: [x]\n", 7, "'component' and 'reason'"),
        (
            HEAD + "    []\nassertions: [{component: Datasets}]\n",
            7,
            "'reason' is missing",
        ),
        (
            HEAD + "  - name: Datasets\nassertions: [{component: Datasets, reason: r}]",
            7,
            "nothing is to assert",
        ),
        (
            HEAD + "    []\nassertions: [{component: Data card, reason: r, inside: x}]",
            7,
            "no component that this release lists",
        ),
        # A licence under a key that is not read would be lost.
        (HEAD.replace("{}", "{name: MIT}") + "    []\n", 4, "Known keys here: code"),
        (
            HEAD.replace("{}", "{code: {nmae: MIT}}") + "    []\n",
            4,
            "Did you mean 'name'?",
        ),
        (
            HEAD.replace("{}", "{code: {id: MIT}}") + "    []\n",
            4,
            "Known keys here: name, path",
        ),
        (
            HEAD + "  - name: Datasets\n    included: false\n",
            7,
            "counts as released, whatever 'included' says",
        ),
        (HEAD + "    []\n  assertions: []\n", 7, "stands inside 'release'"),
        (HEAD + "    []\nassertion: []\n", 7, "Did you mean 'assertions'?"),
        (
            HEAD + "    []\nassertions:\n" + "- {component: Datasets, reason: r}\n" * 2,
            9,
            "asserted twice",
        ),
        (HEAD.replace("name: m", "name: ' '") + "    []\n", 2, "is empty"),
        (HEAD, 5, "release.components is empty"),
        (HEAD.replace("name: m", "name: m\0") + "    []\n", 2, "a control character"),
        (
            "a: &a {license: MIT}\n" + HEAD + "  - <<: *a\n    name: Datasets\n",
            7,
            "Write them out here",
        ),
    ],
)
def test_what_is_wrong_has_a_line(written, text: str, line: int, reason: str) -> None:
    message = refused(written(text))

    assert message.startswith(f"FILE, line {line}: ")
    assert reason in message


def test_all_problems_are_told_at_once(written) -> None:
    message = refused(written(HEAD + "  - name: a\n" * 12))

    assert message.count("FILE, line") == 8
    assert message.endswith("and 4 more")


def test_an_unlikely_key_is_no_mistake_and_is_named(written) -> None:
    text = HEAD.replace("  license", "  language: en\n  license")
    record = read_model(written(text + "  - name: Datasets\n    size: 1\n3: x\n"))

    assert record.components
    assert sorted(map(tell, record.warnings)) == [
        "Line 4: key 'language' is not read.",
        "Line 8: key 'size' is not read.",
        "Line 9: key '3' is not read.",
    ]
    assert tell(record.warnings[0], "de").endswith("wird nicht gelesen.")


def test_tolerant_names_a_key_that_is_not_read(written) -> None:
    text = HEAD.replace("{}", "{name: MIT}") + "  - {name: Datasets, included: false}\n"
    record = read_model(written(text), tolerant=True)

    assert (record.licences, record.components) == ({}, {"Datasets": None})
    assert sorted(map(tell, record.warnings)) == [
        "Line 4: key 'name' is not read.",
        "Line 6: key 'included' is not read.",
    ]


def test_tolerant_reads_as_the_tool_and_warns(written) -> None:
    text = HEAD + (
        "  - {name: Training data, license: MIT}\n"
        "  - {name: Model card, license: MIT}\n"
        "  - {name: Model card, license: X}\n"
    )
    record = read_model(written(text), tolerant=True)

    assert record.components == {"Datasets": "MIT", "Model card": "X"}
    assert [tell(w) for w in record.warnings] == [
        (
            "Line 6: unknown component 'Training data', read as 'Datasets', as the "
            "Model Openness Tool does."
        ),
        (
            "Line 8: component 'Model card' stands here again, after line 7; this one "
            "counts."
        ),
    ]
    assert all(tell(w, "de").startswith("Zeile") for w in record.warnings)


def test_bombs_and_heaps_are_refused(written, tmp_path: Path) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefg", "bcdefgh", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]")

    assert "too large" in refused(written("\n".join(lines)))
    assert "too large" in refused(written("release: &a [*a]"))
    assert "too deeply" in refused(written("a: " + "[" * 100_000 + "]" * 100_000))
    assert "too deeply" in refused(written("- " * 100_000))
    assert "5 MB" in refused(written("a: 1\n" * 1_100_000))
    assert "no such file" in refused(tmp_path / "none.yml")


def test_a_pipe_has_no_hash(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yml")

    assert "a pipe or a device" in refused(tmp_path / "pipe.yml")


def test_a_name_of_a_file_can_always_be_written(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"m\xff.yml")
    try:
        path.write_text(HEAD + "    []\n")
    except OSError:
        pytest.skip("names of files are UTF-8 here")

    assert read_model(path).file == f"{tmp_path}/m\\xff.yml"
