"""What the server refuses, in one shape: what was found, what was expected, the mend, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tocsin.case.faults import CaseError, shown
from tocsin.errors import TocsinError
from tocsin.web.values import Error, Problem

LONGEST_TOLD = 2_000
_TOLD = re.compile(
    r"(?:(?P<before>.*?)\W+)?found (?P<found>.+?); (?:expected )?(?P<expected>.+?)"
    r"(?:\n\s*mend: (?P<mend>.+))?",
    re.DOTALL,
)
# By status: what was expected, and the mend, of what the framework itself refuses.
_PLAIN: Mapping[int, tuple[str, str]] = {
    400: ("a body of JSON", "send one, not too deep and with numbers of usual size"),
    404: ("an address that is there", "see /api/openapi.json for those that are"),
    405: ("another method", "see /api/openapi.json for the methods of each address"),
    413: ("a smaller body", "send less at once"),
}


class Refused(Exception):
    """A request that cannot be met; the client is told why."""

    def __init__(
        self, status: int, *, found: str, expected: str, mend: str, where: str | None = None
    ) -> None:
        self.status = status
        self.problem = problem(found, expected, mend, where)
        super().__init__(f"found {found}; expected {expected}")


def problem(found: str, expected: str, mend: str, where: str | None = None) -> Problem:
    """A problem whose texts are of bearable length and can be sent.

    Examples
    --------
    >>> problem("a \\ud800", "text", "write text").found
    'a \\\\ud800'
    """
    return Problem(
        found=_sendable(found),
        expected=_sendable(expected),
        mend=_sendable(mend),
        where=None if where is None else _sendable(where),
    )


def problem_of(error: TocsinError) -> Problem:
    """What a person can mend, told in the shape of a fault.

    Examples
    --------
    >>> problem_of(TocsinError("found the deal 'x'; expected one of the case's: truce")).expected
    "one of the case's: truce"
    """
    if isinstance(error, CaseError):
        first = next(fault for fault in error.faults if fault.severity == "fault")
        where = "  ".join(part for part in (first.place, first.where) if part)
        return problem(first.found, first.expected, first.mend, where)
    text = str(error)
    told = _TOLD.fullmatch(text)
    if told is None:
        return problem(text, "something that this case can answer", "ask otherwise, or change the case")
    before, found = told["before"], told["found"]
    return problem(
        f"{found} ({before})" if before else found,
        told["expected"],
        told["mend"] or "ask otherwise, or change the case",
    )


def _sendable(text: str) -> str:
    whole = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return whole if len(whole) <= LONGEST_TOLD else f"{whole[:LONGEST_TOLD]}…"


def refusal(status: int, told: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A problem as a response."""
    return JSONResponse(Error(error=told).model_dump(mode="json"), status, headers)


def tell_refusals(app: FastAPI) -> None:
    """Have an app tell whatever it refuses in the one shape."""

    @app.exception_handler(Refused)
    async def refused(_: Request, error: Refused) -> JSONResponse:
        return refusal(error.status, error.problem)

    @app.exception_handler(TocsinError)
    async def mendable(_: Request, error: TocsinError) -> JSONResponse:
        return refusal(409, problem_of(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return refusal(
            422,
            problem(
                shown(first["input"]), str(first["msg"]), "see /api/openapi.json for what it takes", place
            ),
        )

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> JSONResponse:
        found = f"{request.method} {request.url.path}"
        expected, mend = _PLAIN.get(error.status_code, ("another request", "ask otherwise"))
        headers = dict(error.headers or {})
        if error.status_code == 405 and (route := request.scope.get("route")) is not None:
            # The router names the methods of the first route of an address, which may have several.
            methods = app.openapi()["paths"].get(route.path_format, {})
            headers["Allow"] = ", ".join(sorted(method.upper() for method in methods)) or headers["Allow"]
        return refusal(error.status_code, problem(found, expected, mend), headers)
