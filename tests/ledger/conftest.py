"""One suite, two databases: a fresh ledger's place on SQLite and on PostgreSQL."""

import itertools
import os
from collections.abc import Iterator

import pytest

from tests.ledger.server import GIVEN, Server, own_server
from tocsin.ledger import Ledger

COUNT = itertools.count(1)
NO_SERVER = f"needs PostgreSQL: install its server (Debian: postgresql), or give a database's URL in {GIVEN}"


@pytest.fixture(scope="session")
def server() -> Iterator[Server | None]:
    """The session's own server; None if a URL is given instead or there are no programs."""
    if GIVEN in os.environ:
        yield None
        return
    with own_server() as started:
        yield started


def fresh_schema(url: str) -> str:
    """The URL of an empty schema, which a ledger takes for a database of its own."""
    import psycopg

    name = f"ledger_{os.getpid()}_{next(COUNT)}"
    with psycopg.connect(url) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{name}"


@pytest.fixture
def postgresql(server) -> str:
    """An empty place on PostgreSQL."""
    url = os.environ.get(GIVEN) or (server.url if server else None)
    if url is None:
        pytest.skip(NO_SERVER)
    return fresh_schema(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path) -> str:
    """An empty place for a ledger, on each database in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite")
    return str(request.getfixturevalue("postgresql"))


@pytest.fixture
def ledger(place) -> Iterator[Ledger]:
    """An empty ledger that is open."""
    with Ledger.open(place) as opened:
        yield opened
