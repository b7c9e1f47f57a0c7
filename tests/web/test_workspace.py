"""Case folders that are served: read anew when edited, kept when broken, and nothing read beside them."""

import os
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
import watchfiles

from tests.web.served import STARTER, app_of, asked, case_in, client_at, events, listening, over, until
from tocsin.case.read import load
from tocsin.web.refusal import Refused
from tocsin.web.workspace import Folder, Workspace

BROKEN = "a: [1\n"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>\" onload='alert(1)' ${7*7} {{7*7}} \u202e]]>"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def north(tmp_path):
    return case_in(tmp_path)


def test_two_folders_of_one_name_are_told_apart(tmp_path):
    for side in "ab":
        (tmp_path / side).mkdir()
        case_in(tmp_path / side)
    space = Workspace([tmp_path / "a" / "north", tmp_path / "b" / "north", tmp_path / "a" / "north"])
    assert [folder.path.parent.name for folder in space.folders.values()] == ["a", "b"]
    assert list(space.folders) == ["north", "north-2"]


def test_a_faulty_edit_keeps_the_last_good_reading(north):
    folder = Folder("north", north)
    before = folder.reading
    edit(north / "case.yaml", "title:", "titel:")
    assert folder.refresh()
    reading, faults = folder.state
    assert reading is before
    assert {fault.severity for fault in faults} == {"fault"}
    assert all(fault.line for fault in faults if fault.where == "titel")
    edit(north / "case.yaml", "titel:", "title:")
    assert folder.refresh()
    assert folder.state == (before, ())
    assert not folder.refresh()


def test_a_case_that_was_never_read_is_served_with_its_faults(north):
    (north / "case.yaml").write_text(BROKEN, encoding="utf-8")
    with listening(app_of(north)) as place, client_at(place) as client:
        [head] = client.get("/api/cases").json()["cases"]
        assert (head["title"], head["sound"], head["as_of"]) == ("north", False, None)
        assert head["faults"] >= 1
        for response in (
            client.get("/api/cases/north"),
            client.post("/api/cases/north/jobs", json={"ask": "ties"}),
        ):
            assert response.status_code == 409
            assert response.json()["error"]["found"].startswith("case.yaml:")
        faults = client.get("/api/cases/north/faults").json()
        assert (faults["digest"], faults["sound"]) == (None, False)
        assert faults["faults"][0]["line"] is not None


def test_an_edit_reaches_who_watches_and_a_faulty_one_is_told_with_its_line(north):
    with listening(app_of(north)) as place, client_at(place) as client:
        before = client.get("/api/cases/north").json()
        done = over(client, asked(client))
        with client.stream("GET", "/api/cases/north/watch") as stream:
            told = events(stream)
            name, first = next(told)
            assert (name, first) == ("reading", {"digest": before["digest"], "sound": True, "faults": []})
            edit(north / "case.yaml", "title:", "titel:")
            _, broken = next(told)
            assert (broken["digest"], broken["sound"]) == (before["digest"], False)
            lines = (north / "case.yaml").read_text(encoding="utf-8").splitlines()
            wrong = next(fault for fault in broken["faults"] if fault["where"] == "titel")
            assert lines[wrong["line"] - 1].startswith("titel:")
            # The last good answer stands, and the page is told what is wrong beside it.
            again = client.post("/api/cases/north/jobs", json={"ask": "assess"})
            assert (again.status_code, again.json()["id"]) == (200, done["id"])
            view = client.get("/api/cases/north").json()
            assert (view["title"], view["sound"]) == (before["title"], False)
            edit(north / "case.yaml", "titel: ", "title: New, ")
            _, mended = next(told)
            assert (mended["sound"], mended["faults"]) == (True, [])
            assert mended["digest"] != before["digest"]
        assert client.get("/api/cases/north").json()["title"].startswith("New, ")
        assert client.post("/api/cases/north/jobs", json={"ask": "assess"}).json()["id"] != done["id"]


def test_a_folder_that_is_moved_away_and_put_back_is_followed_again(north):
    """As a switch of branches does; the watch must not end with the folder."""
    app = app_of(north)
    folder = app.state.desk.workspace.folders["north"]
    with listening(app):
        away = north.rename(north.with_name("away"))
        # A reading that was under way may find the folder without its files first.
        until(lambda: [fault.found for fault in folder.state[1]] == ["no such folder"])
        away.rename(north)
        until(lambda: not folder.state[1])
        edit(north / "case.yaml", "title: ", "title: New, ")
        until(lambda: folder.reading.case.title.startswith("New, "))


def test_a_file_that_is_a_link_is_not_read(north, tmp_path):
    secret = tmp_path / "secret.yaml"
    shutil.copy(north / "levers.yaml", secret)
    (north / "levers.yaml").unlink()
    (north / "levers.yaml").symlink_to(secret)
    reading, faults = Folder("north", north).state
    assert reading is None
    assert [(fault.file, fault.found) for fault in faults if fault.file == "levers.yaml"] == [
        ("levers.yaml", "a link")
    ]


def _store_of(north: Path, path: str) -> tuple[object, str]:
    """The reading of a case whose one source has a store at a path, and what is said against it."""
    sources = north / "sources.yaml"
    text = sources.read_text(encoding="utf-8")
    head, first, rest = text.partition("    grade:")
    sources.write_text(
        f"{head}    store: {{feed: ucdp-ged, path: {path!r}}}\n{first}{rest}", encoding="utf-8"
    )
    reading, faults = Folder("north", north).state
    return reading, " ".join(fault.found for fault in faults)


@pytest.mark.parametrize("path", ["../secret.duckdb", "/etc/passwd", "link.duckdb", "a/../../secret.duckdb"])
def test_a_store_outside_the_folder_is_not_opened(north, tmp_path, path):
    (tmp_path / "secret.duckdb").write_bytes(b"secret")
    (north / "link.duckdb").symlink_to(tmp_path / "secret.duckdb")
    reading, found = _store_of(north, path)
    assert reading is None
    assert "lies outside the case's folder" in found
    assert "secret" not in found.replace("secret.duckdb", "")


def test_a_store_within_the_folder_that_is_none_is_a_fault(north):
    (north / "events.duckdb").write_bytes(b"not a store" * 1_000)
    reading, found = _store_of(north, "events.duckdb")
    assert reading is None
    assert "events.duckdb" in found


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairwise("abcdefghi")),
        "title: " + "[" * 5_000,
        "title: " + "{a: " * 5_000,
        "title: !!python/object/apply:os.system ['echo']\n",
        "<<: &x {a: *x}\n",
        "x" * (17 * 1024 * 1024),
    ],
    ids=["billion laughs", "deep list", "deep mapping", "a tag that runs", "a merge", "giant"],
)
def test_a_bomb_in_a_watched_file_is_a_fault_and_the_server_goes_on(north, bomb):
    folder = Folder("north", north)
    before = folder.reading
    (north / "case.yaml").write_text(bomb, encoding="utf-8")
    folder.refresh()
    reading, faults = folder.state
    assert reading is before
    assert faults
    assert max(len(str(fault)) for fault in faults) < 2_000


def test_a_pipe_in_place_of_a_file_does_not_hold_the_server(north):
    (north / "case.yaml").unlink()
    os.mkfifo(north / "case.yaml")
    _, faults = Folder("north", north).state
    assert faults[0].found == "something that is not a file"


def test_markup_in_any_text_stays_text(north):
    """In every view, answer and fault it is data of JSON; the saved page holds it inert."""
    case = load(north)
    quoted = MARKUP.replace("\\", "\\\\").replace('"', '\\"').replace("\u202e", "\\u202e")
    edit(north / "case.yaml", case.title, "TITLE")
    text = (north / "case.yaml").read_text(encoding="utf-8")
    line = next(row for row in text.splitlines() if "TITLE" in row)
    (north / "case.yaml").write_text(text.replace(line, f'title: "{quoted}"'), encoding="utf-8")
    with listening(app_of(north)) as place, client_at(place) as client:
        view = client.get("/api/cases/north")
        assert view.json()["title"] == MARKUP
        assert view.headers["Content-Type"] == "application/json"
        job = over(client, asked(client, ask="ties"))
        answer = client.get(f"/api/jobs/{job['id']}/answer")
        assert answer.json()["head"]["case"] == MARKUP
        assert answer.headers["Content-Type"] == "application/json"
        page = client.get(f"/api/jobs/{job['id']}/report")
        assert page.headers["Content-Disposition"].startswith("attachment")
        assert MARKUP[:25] not in page.text
        refused = client.get(f"/api/cases/{MARKUP.replace('/', '')}")
        assert refused.status_code == 404
        assert refused.headers["Content-Type"] == "application/json"


def test_an_unknown_case_is_told_with_those_that_are_there(north):
    with pytest.raises(Refused) as refused:
        Workspace([north]).folder("south")
    assert refused.value.status == 404
    assert refused.value.problem.expected == "one of north"


def test_no_address_tells_where_on_the_machine_a_case_lies(north):
    (north / "case.yaml").write_text(BROKEN, encoding="utf-8")
    with listening(app_of(north, STARTER)) as place, client_at(place) as client:
        told = [
            client.get(path).text
            for path in ("/api/about", "/api/cases", "/api/cases/north", "/api/cases/starter")
        ]
        told.append(client.get("/api/cases/north/faults").text)
    assert all(str(north.parent) not in text and str(STARTER) not in text for text in told)


def test_a_folder_that_the_system_cannot_watch_is_looked_at_now_and_then(north, monkeypatch, caplog):
    real = watchfiles.awatch

    def scarce(*arguments, force_polling, **options):
        if not force_polling:
            raise OSError(28, "inotify watch limit reached")
        return real(*arguments, force_polling=True, **options)

    monkeypatch.setattr(watchfiles, "awatch", scarce)
    app = app_of(north)
    folder = app.state.desk.workspace.folders["north"]
    with listening(app):
        until(lambda: "now and then" in caplog.text)
        edit(north / "case.yaml", "title: ", "title: New, ")
        until(lambda: folder.reading.case.title.startswith("New, "))
