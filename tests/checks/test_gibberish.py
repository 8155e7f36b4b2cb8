import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.checks.gibberish import is_gibberish, is_junk

MASH = [
    "asdf",
    "ASDFASDF",
    "qwertz",
    "qwe qwe qwe",
    "lkjhgfdsa",
    "dfgkjhdfg",
    "sdfsdfsd sdkjfh",
    "asdkjfhaskdjfh",
    "xxxx",
    "aaaaaaaaaa",
    "hahahahaha",
    "wqeqwe",
    "adsfadsf",
    "öäöäöä",
    "xyxyxy",
    "Poiuyt",
    "blabla",
    "bla bla blah",
    "фывапролдж",
    "йцукен йцукен",
    "哈哈哈哈哈",
    "لللللل",
]
MEANT = [
    "",
    "-",
    "...",
    "n/a",
    "12345",
    "5555",
    "none",
    "tbd",
    "idk",
    "GDPR",
    "HTTPS, TLS, JDBC",
    "BQQHZDKJ",
    "gRPC",
    "kubectl",
    "dplyr und ggplot2",
    "rhythm",
    "Wert",
    "Herr Wert",
    "tree",
    "property liberty",
    "Alaska",
    "retweet",
    "Wetter",
    "asadas",
    "hahaha",
    "Blaulicht",
    "Mama und Papa",
    "glass flasks",
    "Angstschweiß",
    "Geschichtsschreibung",
    "Rechtsschutzversicherung",
    "hmm, schwierig",
    "čtvrthrst zmrzl",
    "Скорость взрыва",
    "Смит",
    "我们正在测试开源模型",
    "データの保護が心配です",
    "لا نستخدمه بعد",
    "אנחנו משתמשים בזה",
    "เราใช้งานอยู่แล้ว",
    "We use asdf to manage versions of our tools",
    "Pfffft, 1234",
]


@pytest.mark.parametrize("text", MASH)
def test_keyboard_mash_is_found(text: str) -> None:
    assert is_gibberish(text)


@pytest.mark.parametrize("text", MEANT)
def test_what_somebody_means_is_left_alone(text: str) -> None:
    assert not is_gibberish(text)


def test_most_of_the_letters_decide() -> None:
    # 4 of 9 letters are mash, then 8 of 13.
    assert not is_gibberish("asdf costs")
    assert is_gibberish("asdf asdf costs")


def test_accents_typed_as_two_signs_are_one_letter() -> None:
    assert not is_gibberish("u\u0308ber Kra\u0308fte")


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert not is_gibberish("a sentence " * 40 + "asdf " * 10_000)


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert is_gibberish(text) in {True, False}


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=3))
def test_short_words_are_never_junk(word: str) -> None:
    assert not is_junk(word)
