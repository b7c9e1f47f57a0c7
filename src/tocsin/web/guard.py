"""What stands before every request: who may ask, from where, how much; and what every response forbids.

The server speaks to pages that it served itself. A page of another site could still send requests to this
machine, under its own name (cross-site requests) or under one that it has made to point here (DNS rebinding),
so the name asked for and the page asking are both looked at. Nothing is allowed across origins.
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tocsin.web.refusal import problem, refusal

LOG = logging.getLogger("tocsin.web")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
MOST_BODY_BYTES = 1024 * 1024
COOKIE = "tocsin-token"
SAFE = ("GET", "HEAD")
API = "/api/"

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who may come in.

    Parameters
    ----------
    names : of this machine by which it may be asked for
    any_address : an address in figures is as good as a name; nobody can make one point elsewhere
    token : that every request must show; none if left out
    """

    names: tuple[str, ...] = LOOPBACK
    any_address: bool = False
    token: str | None = None

    def knows(self, host: str) -> bool:
        """Whether a Host header names this server.

        Examples
        --------
        >>> door = Door()
        >>> door.knows("localhost:8765"), door.knows("[::1]"), door.knows("evil.example:8765"), door.knows("")
        (True, True, False, False)
        """
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self.names or (self.any_address and _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def door_for(host: str, *, names: Iterable[str] = (), token: str | None = None) -> Door:
    """The door of a server that listens on an address.

    Parameters
    ----------
    names : more that lead here, such as the machine's own

    Examples
    --------
    >>> door_for("127.0.0.1").any_address, door_for("0.0.0.0").any_address
    (False, True)
    """
    everywhere = host in ("", "0.0.0.0", "::")
    named = (*LOOPBACK, *(() if everywhere else (host.lower(),)), *(name.lower() for name in names))
    return Door(names=tuple(dict.fromkeys(named)), any_address=everywhere, token=token)


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach an address.

    Examples
    --------
    >>> [is_loopback(host) for host in ("127.0.0.1", "localhost", "::1", "127.8.8.8", "0.0.0.0", "myhost")]
    [True, True, True, True, False, False]
    """
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


class Guard:
    """ASGI middleware: refuse what may not come in, bound what does, and mark what goes out."""

    def __init__(self, app: ASGIApp, door: Door, most_body_bytes: int = MOST_BODY_BYTES) -> None:
        self._app = app
        self._door = door
        self._most = most_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        marked = _Marked(send, scope["path"])
        response = self._refusal(scope) or self._admission(scope)
        if response is not None:
            await response(scope, receive, marked)
            return
        try:
            await self._app(scope, _Bounded(receive, self._most), marked)
        except Exception:  # a fault of our own: told plainly, its trace only to whoever runs the server
            LOG.exception("%s %s failed", scope["method"], scope["path"])
            if marked.started:
                raise
            told = problem(
                "a fault of tocsin's own", "an answer", "see what the server printed, and report it"
            )
            await refusal(500, told)(scope, receive, marked)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._door.knows(hosts[0]):
            return _refused(
                403, f"the host {', '.join(hosts) or 'nobody'}", "the address that the server printed"
            )
        if not self._has_token(scope, headers):
            return _refused(401, "no token, or a wrong one", "the token that the server printed")
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._most:
            return _refused(413, f"a body of {length} bytes", f"at most {self._most}")
        if scope["method"] in SAFE:
            return None
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin is not None and urlsplit(origin).netloc != hosts[0]:
            return _refused(403, f"a request from {origin}", "one from this server's own pages")
        if site not in (None, "same-origin", "none"):
            return _refused(403, f"a {site} request", "one from this server's own pages")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        # What another site can send without being allowed to first is never JSON.
        if kind != "application/json" and (length not in ("", "0") or "transfer-encoding" in headers):
            return _refused(415, f"a body of {kind or 'no stated kind'}", "application/json")
        return None

    def _has_token(self, scope: Scope, headers: Headers) -> bool:
        token = self._door.token
        if token is None:
            return True
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        shown = [bearer.strip()] if scheme.lower() == "bearer" else []
        shown += [value for name, value in _query(scope) if name == "token"]
        cookies: SimpleCookie = SimpleCookie()
        try:
            cookies.load(headers.get("cookie", ""))
        except CookieError:
            return False
        if COOKIE in cookies:
            shown.append(cookies[COOKIE].value)
        return any(_same(one, token) for one in shown)

    def _admission(self, scope: Scope) -> Response | None:
        """Keep a token shown in the address as a cookie, and take it out of the address."""
        token, query = self._door.token, _query(scope)
        if token is None or scope["method"] != "GET" or not any(name == "token" for name, _ in query):
            return None
        rest = urlencode([(name, value) for name, value in query if name != "token"])
        # One slash only: two would lead to another host.
        path = "/" + scope["path"].lstrip("/\\")
        response = RedirectResponse(f"{path}?{rest}" if rest else path, status_code=303)
        response.set_cookie(COOKIE, token, httponly=True, samesite="strict", path="/")
        return response


class _Marked:
    """Sends on, with the headers that every response has."""

    def __init__(self, send: Send, path: str) -> None:
        self._send = send
        self._path = path
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            # Built pages keep their names when they change; what the cases say is nobody's to keep.
            headers["Cache-Control"] = "no-store" if self._path.startswith(API) else "no-cache"
        await self._send(message)


class _Bounded:
    """Receives a body, up to a bound."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise HTTPException(413)
        return message


def _query(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _refused(status: int, found: str, expected: str) -> Response:
    mends = {
        401: "open the address that `tocsin serve` printed",
        403: "open the address that `tocsin serve` printed",
        413: "send less at once",
        415: "state it in the header Content-Type",
    }
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return refusal(status, problem(found, expected, mends[status]), headers)


__all__ = ["LOOPBACK", "Door", "Guard", "door_for", "is_loopback"]
