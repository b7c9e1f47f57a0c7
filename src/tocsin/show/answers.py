"""Every kind of answer there is, and one set of schemas for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tocsin.ask.ceasefire.answer import CeaseFire
from tocsin.ask.collect.answer import Collection
from tocsin.ask.estimate import Estimate
from tocsin.ask.options.answer import Options
from tocsin.ask.outlook.answer import Outlook
from tocsin.ask.postmortem.answer import Postmortem
from tocsin.ask.stress.answer import Stress
from tocsin.ask.ties import Ties
from tocsin.ask.timeline import Timeline
from tocsin.show import (
    ceasefire,
    collect_fields,
    futures_fields,
    meaning,
    options_fields,
    postmortem_fields,
    stress_fields,
    ties,
    timeline_fields,
)
from tocsin.show.json import as_json, estimate_schema
from tocsin.show.plain import Json, plain, schema_of

PREFIX = "#/components/schemas/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What one command answers."""

    answer: type  # its dataclass
    fields: Mapping[str, Mapping[str, str]]  # what each field means, by dataclass and field
    description: str


# By the name of the command, which is also the name of its JSON file (an assessment's is estimate.json). The
# timeline is asked for on the workbench alone.
KINDS: Mapping[str, Kind] = {
    "assess": Kind(
        answer=Estimate,
        fields=meaning.FIELDS,
        description="What each actor intends, prepares and will do, as known on a day.",
    ),
    "futures": Kind(answer=Outlook, fields=futures_fields.FIELDS, description="How it can unfold."),
    "options": Kind(
        answer=Options,
        fields=options_fields.FIELDS,
        description="What each lever and portfolio does to the odds.",
    ),
    "ceasefire": Kind(
        answer=CeaseFire,
        fields=ceasefire.FIELDS,
        description="What each deal is worth, whether it comes and whether it holds.",
    ),
    "collect": Kind(
        answer=Collection,
        fields=collect_fields.FIELDS,
        description="Where to look, and how long before we are warned.",
    ),
    "stress": Kind(
        answer=Stress, fields=stress_fields.FIELDS, description="How little deception would fool us."
    ),
    "postmortem": Kind(
        answer=Postmortem,
        fields=postmortem_fields.FIELDS,
        description="With the outcome known, why we were wrong.",
    ),
    "ties": Kind(
        answer=Ties, fields=ties.FIELDS, description="Who could have learned concealment from whom."
    ),
    "timeline": Kind(
        answer=Timeline,
        fields=timeline_fields.FIELDS,
        description="How each answer moved as news came in.",
    ),
}


def as_data(answer: Any) -> Json:
    """Any answer as dictionaries, lists, text and numbers, as its JSON file holds it."""
    data: Json = as_json(answer) if isinstance(answer, Estimate) else plain(answer)
    return data


def answer_schema(name: str) -> Json:
    """JSON Schema of one kind of answer.

    Examples
    --------
    >>> answer_schema("ties")["title"]
    'ties.json of tocsin'
    """
    return _schema_of(name, KINDS[name])


def _schema_of(name: str, kind: Kind) -> Json:
    if kind.answer is Estimate:
        return estimate_schema()
    return schema_of(kind.answer, kind.fields, title=f"{name}.json of tocsin", description=kind.description)


def components(
    prefix: str = "#/components/schemas/", more: Mapping[str, Kind] = MappingProxyType({})
) -> Json:
    """The schemas of every answer, side by side under one name each.

    Where two answers have parts of one name that differ, the later one's carries the name of its answer too.

    Parameters
    ----------
    prefix : of the references between them
    more : values beside the answers of commands that share parts with them

    Returns
    -------
    name -> schema, e.g. "Estimate" and "Chance"

    Examples
    --------
    >>> {"Estimate", "Options", "Chance"} <= set(components())
    True
    """
    found: Json = {}
    for name, kind in (*KINDS.items(), *more.items()):
        schema = _schema_of(name, kind)
        parts = {
            **schema.pop("$defs"),
            kind.answer.__name__: {k: v for k, v in schema.items() if k != "$schema"},
        }
        called = {part: part for part in parts}
        # A part is another one also if what it refers to is.
        while True:
            named = {called[part]: _referring(parts[part], called, prefix) for part in parts}
            clash = [
                part for part in parts if called[part] == part and found.get(part, named[part]) != named[part]
            ]
            if not clash:
                break
            called |= {part: f"{kind.answer.__name__}{part}" for part in clash}
        found |= named
    return found


def _referring(schema: Json, called: Mapping[str, str], prefix: str) -> Json:
    """A schema whose references lead to where the parts now are."""

    def visit(value: object) -> object:
        if isinstance(value, dict):
            return {
                key: f"{prefix}{called[inner.rpartition('/')[2]]}" if key == "$ref" else visit(inner)
                for key, inner in value.items()
            }
        return [visit(inner) for inner in value] if isinstance(value, list) else value

    return {key: visit(inner) for key, inner in schema.items()}


__all__ = ["KINDS", "Kind", "answer_schema", "as_data", "components"]
