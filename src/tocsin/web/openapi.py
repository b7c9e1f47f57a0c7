"""The server's OpenAPI document: its routes as FastAPI tells them, and the form of every answer."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from tocsin import __version__
from tocsin.ask.whatif.answer import InFull
from tocsin.ledger.account import Account
from tocsin.show.answers import KINDS, Kind, components
from tocsin.show.ledger_fields import FIELDS
from tocsin.web import whatif

PREFIX = "#/components/schemas/"
ANSWER = "/api/jobs/{job}/answer"
Json = dict[str, Any]

RECORD = Kind(
    answer=Account,
    fields=FIELDS,
    description="A ledger's forecasts, what came of them, and how they did. The infinite is null.",
)


def document(app: FastAPI) -> Json:
    """The OpenAPI document of an app with this server's routes.

    A part of a case whose name a part of an answer has too is called ``CaseNAME``.
    """
    spec: Json = get_openapi(
        title="tocsin",
        version=__version__,
        summary="The workbench for strategic warning, over HTTP.",
        description="Every refusal has one form: what was found, what was expected, and the mend.",
        routes=app.routes,
    )
    answers = components(PREFIX, {"record": RECORD, **whatif.KINDS})
    own: Json = spec["components"]["schemas"]
    called = {name: f"Case{name}" for name in own.keys() & answers.keys()}
    assert not set(called.values()) & (own.keys() | answers.keys()), called
    spec = _renamed(spec, {PREFIX + name: PREFIX + new for name, new in called.items()})
    own = {called.get(name, name): schema for name, schema in spec["components"]["schemas"].items()}
    spec["components"]["schemas"] = dict(sorted((own | answers).items()))
    spec["paths"][ANSWER]["get"]["responses"]["200"]["content"] = {
        "application/json": {
            "schema": {
                "anyOf": [
                    {"$ref": PREFIX + kind.__name__}
                    for kind in (*(kind.answer for kind in KINDS.values()), InFull)
                ]
            }
        }
    }
    for path in spec["paths"].values():
        for operation in path.values():
            # Streams and pages are refused in the one form too.
            operation["responses"]["default"]["content"] = {
                "application/json": {"schema": {"$ref": f"{PREFIX}Error"}}
            }
    return spec


def _renamed(value: Any, references: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: references.get(inner, inner) if key == "$ref" else _renamed(inner, references)
            for key, inner in value.items()
        }
    return [_renamed(inner, references) for inner in value] if isinstance(value, list) else value
