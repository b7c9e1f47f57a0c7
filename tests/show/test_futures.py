"""Futures as text and JSON."""

import json

from tests.ask.test_outlook import outlook
from tocsin.ask.estimate import Number
from tocsin.ask.outlook.answer import Outlook
from tocsin.show.futures import inadvertent_words
from tocsin.show.plain import hints_of, to_json


def test_the_json_is_plain_and_has_its_schema():
    data = json.loads(to_json(outlook()))
    assert data["courses"][0]["name"] == outlook().courses[0].name
    assert set(data) == set(hints_of(Outlook))


def test_less_than_nothing_by_error_gets_a_word():
    assert "errors lead elsewhere" in inadvertent_words(Number(value=-0.4, mc_error=0.1))
    assert "no clear difference" in inadvertent_words(Number(value=-0.1, mc_error=0.1))
    assert "is gone without" in inadvertent_words(Number(value=0.4, mc_error=0.1))
