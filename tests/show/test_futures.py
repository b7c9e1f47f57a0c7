"""Futures as text, page and JSON: everything is told, nothing obeys what a case's text says."""

import json

from tests.ask.test_outlook import outlook
from tests.show.walk import with_texts
from tocsin.ask.estimate import Number
from tocsin.ask.outlook.answer import Outlook
from tocsin.show.futures import inadvertent_words, page_futures
from tocsin.show.plain import hints_of, to_json


def test_the_json_is_plain_and_has_its_schema():
    data = json.loads(to_json(outlook()))
    assert data["courses"][0]["name"] == outlook().courses[0].name
    assert set(data) == set(hints_of(Outlook))


def test_the_page_tells_both_kinds_of_condition():
    page = page_futures(outlook())
    assert "If it is seen" in page
    assert "If it were made so" in page
    assert page.count("First fork.") == len(outlook().courses)


def test_awkward_texts_are_shown_and_not_obeyed():
    page = page_futures(with_texts(outlook(), '<script>"x"</script>\x1b[31m'))
    assert "<script>&#34;" not in page
    assert '<script>"x"' not in page
    assert "\x1b" not in page


def test_less_than_nothing_by_error_gets_a_word():
    assert "errors lead elsewhere" in inadvertent_words(Number(value=-0.4, mc_error=0.1))
    assert "no clear difference" in inadvertent_words(Number(value=-0.1, mc_error=0.1))
    assert "is gone without" in inadvertent_words(Number(value=0.4, mc_error=0.1))
