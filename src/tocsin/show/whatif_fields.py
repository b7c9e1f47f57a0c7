"""What every field of a what-if means, and its JSON Schema."""

from __future__ import annotations

from typing import Final

from tocsin.ask.whatif.answer import InFull, WhatIf
from tocsin.show.meaning import FIELDS as COMMON
from tocsin.show.meaning import HEADING
from tocsin.show.plain import Json, schema_of

_PARTS = HEADING | {name: COMMON[name] for name in ("Chance", "Number", "Band", "FanStep")}
_ASKED = {
    "question": "the question asked about; null for all of the case's",
    "changes": "path of each change, and the value put there as JSON",
    "without": "ids of the reports left out",
    "levers": "ids of the levers pulled, each from the as-of day on",
}

FIELDS: Final[dict[str, dict[str, str]]] = _PARTS | {
    "WhatIf": {
        "head": "the case as it stands, without the change, and how to get its numbers again",
        **_ASKED,
        "horizon": "first day of the last step drawn: that of the question asked about",
        "questions": "those that the horizon decides, in the case's order",
        "fans": "how the fronts that the question looks at may go, before the change and after it",
        "effective": "equally weighted particles that the changed answer rests on",
        "effective_share": "these, as a share of those that the answer without the change rests on",
        "rough": "true if they are too few for the numbers to be relied on: the full run is needed",
        "held": "what the quick answer leaves as it was, though the change bears on it",
        "notes": "what else to know about how the change was taken",
    },
    "QuestionShift": {
        "id": "the question's id",
        "text": "the question as it is put",
        "by": "the last day that counts",
        "base": "its probability as the case stands",
        "base_band": "the word for that",
        "now": "its probability with the change",
        "band": "the word for that",
        "shift": "the second less the first, with an error of its own: what both share cancels",
    },
    "FrontFan": {
        "ref": "the front, as initiator -> target",
        "base": "shares of its rungs, by step from the as-of day on, as the case stands",
        "now": "the same with the change",
    },
}
FULL_FIELDS: Final[dict[str, dict[str, str]]] = _PARTS | {
    "InFull": {
        "head": "the changed case, and how to get its numbers again",
        **_ASKED,
        "chances": "each question that the horizon decides, its probability, and the word for that",
        "fans": "of each front that the question looks at, the shares of its rungs by step",
    },
}


def whatif_schema() -> Json:
    """JSON Schema of a quick answer.

    Examples
    --------
    >>> whatif_schema()["title"]
    'a what-if of tocsin'
    """
    return schema_of(
        WhatIf, FIELDS, title="a what-if of tocsin", description="An answer had some numbers been others."
    )


def in_full_schema() -> Json:
    """JSON Schema of the full answer that a quick one stands in for."""
    return schema_of(
        InFull, FULL_FIELDS, title="a full what-if of tocsin", description="The changed case inferred anew."
    )


__all__ = ["FIELDS", "FULL_FIELDS", "in_full_schema", "whatif_schema"]
