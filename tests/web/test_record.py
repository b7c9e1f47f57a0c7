"""The ledger over HTTP: what it holds, how it did, and a plain word where there is none."""

import datetime as dt
import sqlite3

import pytest
from jsonschema_rs import validator_for

from tests.ledger.made import forecast, resolution
from tests.web.served import app_of, client_at, listening
from tocsin.ledger import Ledger

# Long past, for the server looks at the ledger as it stands today.
MADE = dt.datetime(2020, 4, 15, 12, tzinfo=dt.UTC)
CLOSES = dt.date(2020, 6, 1)
DECIDED = dt.datetime(2020, 6, 2, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A ledger with a question that came true, one that did not, and one that was given no chance."""
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    with Ledger.open(str(path)) as ledger:
        said = {"flood": 0.2, "fire": 0.7, "storm": 0.0}
        came = {"flood": "no", "fire": "yes", "storm": "yes"}
        ledger.add([forecast(key, p, closes=CLOSES, as_of=MADE.date()) for key, p in said.items()], now=MADE)
        ledger.resolve([resolution(key, yes, on=CLOSES) for key, yes in came.items()], now=DECIDED)
    return path


@pytest.fixture(scope="module")
def app(place):
    return app_of(ledger=str(place))


@pytest.fixture(scope="module")
def client(app):
    with listening(app) as address, client_at(address) as client:
        yield client


def test_it_tells_what_the_ledger_holds_and_how_it_did(client):
    told = client.get("/api/record")
    assert told.status_code == 200
    account = told.json()
    assert [question["key"] for question in account["questions"]] == ["flood", "fire", "storm"]
    assert {question["status"] for question in account["questions"]} == {"resolved"}
    assert account["record"]["forecasts"] == 3
    assert account["record"]["impossible"] == 1
    assert account["questions"][0]["forecasts"][0]["brier"] == pytest.approx(0.04)
    assert account["questions"][0]["closes"] == CLOSES.isoformat()
    assert account["breach"] is None


def test_what_is_infinite_is_null_and_the_answer_has_its_documented_form(app, client):
    account = client.get("/api/record").json()
    assert account["record"]["log"] is None
    document = app.openapi()
    told = document["paths"]["/api/record"]["get"]["responses"]["200"]["content"]["application/json"]
    validator_for(told["schema"] | {"components": document["components"]}).validate(account)


def test_the_server_says_that_it_has_one(client):
    assert client.get("/api/about").json()["ledger"] is True


def test_without_a_ledger_it_says_how_to_keep_one():
    with listening(app_of()) as address, client_at(address) as client:
        refused = client.get("/api/record")
        assert client.get("/api/about").json()["ledger"] is False
    assert refused.status_code == 404
    assert "tocsin ledger add" in refused.json()["error"]["mend"]


def test_a_tampered_ledger_is_told_and_not_scored(place, tmp_path):
    copy = tmp_path / "ledger.sqlite"
    copy.write_bytes(place.read_bytes())
    with sqlite3.connect(copy) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE ledger_entries SET body = replace(body, '0.2', '0.9')")
    with listening(app_of(ledger=str(copy))) as address, client_at(address) as client:
        account = client.get("/api/record").json()
    assert account["breach"].startswith("row 1: ")
    assert account["record"] is None
    assert account["scores"] is None
    assert len(account["questions"]) == 3
