"""The ledger that stands beside the answers: what was forecast, how it came out, and how well it was said."""

from __future__ import annotations

import datetime as dt
import json

from fastapi import APIRouter, Response

from tocsin.web.refusal import Refused
from tocsin.web.routes import REFUSED, AtDesk

router = APIRouter(prefix="/api", responses=REFUSED)


@router.get(
    "/record",
    response_class=Response,
    responses={
        200: {
            "description": "the ledger as it stands today",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Account"}}},
        }
    },
)
def record(desk: AtDesk) -> Response:
    """How the forecasts of the ledger did, and every one of them; 404 if no ledger is kept."""
    place = desk.means.ledger
    if place is None:
        raise Refused(
            404,
            found="no ledger",
            expected="one that stands beside the answers",
            mend="freeze forecasts with tocsin ledger add, and serve with --ledger ledger.sqlite",
        )
    return Response(_told(place, dt.datetime.now(dt.UTC).date()), media_type="application/json")


def _told(place: str, day: dt.date) -> str:
    from tocsin.ledger import Ledger
    from tocsin.ledger.account import account_of
    from tocsin.show.ledger import as_json

    with Ledger.open(place, create=False) as ledger:
        return json.dumps(as_json(account_of(ledger, day)), ensure_ascii=False, allow_nan=False)


__all__ = ["router"]
