"""What every answer's views promise alike, whichever question it answers."""

import dataclasses
import json
import typing
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.ask import test_ceasefire, test_outlook, test_postmortem
from tests.ask.collect import worlds as collect_worlds
from tests.ask.options import worlds as options_worlds
from tests.ask.stress import made as stress_made
from tests.show import test_ties
from tests.show.test_json import check
from tocsin.ask.ceasefire.answer import CeaseFire
from tocsin.ask.collect.answer import Collection
from tocsin.ask.options.answer import Options
from tocsin.ask.outlook.answer import Outlook
from tocsin.ask.postmortem.answer import Postmortem
from tocsin.ask.stress.answer import Stress
from tocsin.ask.ties import Ties
from tocsin.show import (
    ceasefire,
    collect,
    collect_fields,
    futures,
    futures_fields,
    options,
    options_fields,
    postmortem,
    postmortem_fields,
    stress,
    stress_fields,
    ties,
)
from tocsin.show.plain import hints_of, schema_of, to_json


class Told(NamedTuple):
    """An answer of one kind, and its views."""

    kind: type
    make: Callable[[], Any]
    fields: dict[str, dict[str, str]]
    text: Callable[..., str]  # answer, full=, width=


ANSWERS = {
    "futures": Told(Outlook, test_outlook.outlook, futures_fields.FIELDS, futures.render_futures),
    "options": Told(
        Options,
        options_worlds.whole,
        options_fields.FIELDS,
        options.render_options,
    ),
    "ceasefire": Told(
        CeaseFire,
        test_ceasefire.answer,
        ceasefire.FIELDS,
        ceasefire.render_ceasefire,
    ),
    "collect": Told(
        Collection,
        collect_worlds.answer,
        collect_fields.FIELDS,
        collect.render_collect,
    ),
    "stress": Told(Stress, stress_made.stressed, stress_fields.FIELDS, stress.render_stress),
    "postmortem": Told(
        Postmortem,
        test_postmortem.answer,
        postmortem_fields.FIELDS,
        postmortem.render_postmortem,
    ),
    "ties": Told(Ties, test_ties.answer, ties.FIELDS, ties.render_ties),
}
each_answer = pytest.mark.parametrize("told", ANSWERS.values(), ids=ANSWERS)


def kinds(kind: Any, found: dict[str, type] | None = None) -> dict[str, type]:
    """Every dataclass that an answer of a kind can hold."""
    found = {} if found is None else found
    if isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind.__name__ not in found:
        found[kind.__name__] = kind
        for hint in hints_of(kind).values():
            kinds(hint, found)
    for part in typing.get_args(kind):
        kinds(part, found)
    return found


@each_answer
def test_every_field_says_what_it_means_and_no_other_does(told):
    assert {name: set(fields) for name, fields in told.fields.items()} == {
        name: {field.name for field in dataclasses.fields(kind)} for name, kind in kinds(told.kind).items()
    }


@each_answer
def test_the_json_is_what_its_schema_says(told):
    schema = schema_of(told.kind, told.fields, title="t", description="d")
    check(json.loads(to_json(told.make())), schema, schema["$defs"], "answer")


@each_answer
@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("full", [False, True])
def test_no_line_is_wider_than_it_may_be(told, width, full):
    lines = told.text(told.make(), full=full, width=width).splitlines()
    assert max(map(len, lines)) <= width


@each_answer
def test_the_full_view_says_more(told):
    assert len(told.text(told.make(), full=True)) > len(told.text(told.make()))
