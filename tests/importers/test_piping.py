import pytest

from survey.importers.definitions.piping import plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>Use&nbsp;it</p><br/>daily ?", "Use it daily?"),
        ("a<script>if (a < b) { c }</script>b", "a b"),
        ("a<!-- left <b>out</b> -->b", "ab"),
        ("a<style>p { color: red }", "a"),
        ("Use of ${e://Field/tool} &amp; {size.shown}", "Use of \u2026 & \u2026"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("Yes .NET", "Yes .NET"),
        (5, "5"),
        (None, ""),
        (True, ""),
        (["a"], ""),
    ],
)
def test_wording_is_what_a_respondent_reads(text: object, words: str) -> None:
    assert plain(text) == words


def test_long_markup_takes_no_long_time() -> None:
    assert plain("<script>" * 100_000) == ""
    assert plain("<!--" * 100_000 + "-->") == ""
