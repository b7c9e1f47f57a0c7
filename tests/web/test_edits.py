"""Writing back over HTTP: shown first, all files or none, and never over what somebody else wrote."""

import asyncio
import shutil
import stat
from pathlib import Path

import httpx
import pytest

from tests.house.source import PACKAGE
from tocsin.case.read import load
from tocsin.web.app import create_app
from tocsin.web.files import ConflictError, digest_of, write_files
from tocsin.web.workspace import Workspace

STARTER = PACKAGE / "case" / "starter"
CHANGES = {"reasons.valleys-claimed.weight": "strong", "reports.r003.grade": 6}


class Client:
    """Asks an app in this process, without its lifespan: no watch and no jobs are needed."""

    def __init__(self, app):
        self.app = app

    def get(self, address):
        return self._ask("GET", address)

    def post(self, address, json):
        return self._ask("POST", address, json=json)

    def _ask(self, method, address, **more):
        async def ask():
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, address, **more)

        return asyncio.run(ask())


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "border"
    shutil.copytree(STARTER, copy)
    return copy


@pytest.fixture
def client(folder):
    return Client(create_app(Workspace([folder])))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def post(client, address, **body):
    return client.post(f"/api/cases/border/{address}", json=body)


def previewed(client, **edit):
    answer = post(client, "edits", **edit)
    assert answer.status_code == 200, answer.text
    return answer.json()


def write(client, preview, **edit):
    return post(
        client, "edits/write", **edit, before={one["name"]: one["before"] for one in preview["files"]}
    )


EDIT = {"as": "case", "changes": CHANGES}
SLY = {"as": "variant", "id": "sly", "name": "Slyer", "changes": {"actors.sudria.deception": "high"}}


def test_a_preview_shows_the_difference_and_writes_nothing(client, folder):
    before = bytes_of(folder)
    preview = previewed(client, **EDIT)
    assert bytes_of(folder) == before
    assert preview["sound"]
    assert [one["name"] for one in preview["files"]] == ["case.yaml", "reports.csv"]
    assert [one["before"] for one in preview["files"]] == [
        digest_of(before[n]) for n in ("case.yaml", "reports.csv")
    ]
    lines = preview["files"][0]["diff"]
    assert [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")] == [
        "-    weight: considerable",
        "+    weight: strong",
    ]


def test_what_was_previewed_is_written_and_the_case_then_reads_so(client, folder):
    before = bytes_of(folder)
    answer = write(client, previewed(client, **EDIT), **EDIT)
    assert answer.json()["files"] == ["case.yaml", "reports.csv"]
    case = load(folder)
    assert case.reasons[0].weight == "strong"
    assert next(report.grade for report in case.reports if report.id == "r003") == 6
    after = bytes_of(folder)
    assert {name for name in after if after[name] != before.get(name)} == {"case.yaml", "reports.csv"}
    assert client.get("/api/cases/border").json()["digest"] == answer.json()["digest"]


def test_a_file_changed_meanwhile_is_a_conflict_and_nothing_is_written(client, folder):
    preview = previewed(client, **EDIT)
    with (folder / "reports.csv").open("a", encoding="utf-8") as stream:
        stream.write("r900,2030-03-05,,valley-press,,convoys-seen,,seen,3,More trucks,Valley Post\n")
    before = bytes_of(folder)
    answer = write(client, preview, **EDIT)
    assert answer.status_code == 409
    assert answer.json()["error"]["where"] == "reports.csv"
    assert bytes_of(folder) == before
    assert write(client, previewed(client, **EDIT), **EDIT).status_code == 200


def test_what_was_not_previewed_is_not_written(client, folder):
    before = bytes_of(folder)
    preview = previewed(client, **EDIT)
    other = {"as": "case", "changes": {**CHANGES, "levers.return-brigades.cost": 9}}
    assert write(client, preview, **other).status_code == 409
    assert post(client, "edits/write", **EDIT, before={}).status_code == 409
    assert bytes_of(folder) == before


def test_a_result_with_faults_is_shown_with_its_line_and_not_written(client, folder):
    before = bytes_of(folder)
    edit = {"as": "case", "changes": {"actors.sudria.wear": 7}}
    preview = previewed(client, **edit)
    assert not preview["sound"]
    fault = preview["faults"][0]
    assert (fault["file"], fault["where"]) == ("case.yaml", "actors[0].wear")
    assert fault["line"] > 1
    assert write(client, preview, **edit).status_code == 422
    assert bytes_of(folder) == before


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        ({"as": "case", "changes": {"actors.nobody.wear": 0.5}}, "nobody"),
        ({"as": "case", "changes": {"outcomes.x": None}}, "outcomes"),
        ({"as": "case", "changes": {}, "without": ["r999"]}, "r999"),
        ({"as": "case", "changes": {}, "variant": "calm"}, "calm"),
        ({"as": "case", "changes": {}, "variant": "worried"}, "leaves sources out"),
        ({"as": "variant", "changes": {}}, "without an id"),
        ({"as": "variant", "id": "worried", "name": "W", "changes": {}}, "has already"),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_reason(client, edit, found):
    answer = post(client, "edits", **edit)
    assert answer.status_code == 422
    assert found in answer.json()["error"]["found"]
    assert answer.json()["error"]["mend"]


@pytest.mark.parametrize(
    "edit",
    [
        {"as": "elsewhere", "changes": {}},
        {"as": "variant", "id": "../x", "name": "x", "changes": {}},
        {"as": "case", "changes": {"title": "x"}, "file": "/etc/passwd"},
        {"as": "case", "changes": {"x": __import__("json").loads("[" * 40 + "]" * 40)}},
    ],
)
def test_a_body_of_another_form_is_refused(client, edit):
    assert post(client, "edits", **edit).status_code == 422


def test_a_variant_is_saved_and_seen_with_what_it_holds_otherwise(client, folder):
    assert write(client, previewed(client, **SLY), **SLY).json()["files"] == ["variants.yaml"]
    seen = client.get("/api/cases/border/variants").json()["variants"]
    assert [one["id"] for one in seen] == ["worried", "sly"]
    assert seen[1]["differences"] == [
        {"path": "actors.sudria.deception", "before": "moderate", "after": "high"}
    ]
    assert seen[0]["without"] == ["sudria-ministry"]
    assert post(client, "edits", **SLY).status_code == 422
    assert previewed(client, **SLY, replace=True)["files"] == []


def test_changes_on_top_of_a_view_are_saved_with_it(client, folder):
    edit = {**SLY, "variant": "worried", "without": ["r001"]}
    write(client, previewed(client, **edit), **edit)
    variant = next(one for one in load(folder).variants if one.id == "sly")
    assert variant.without == ("sudria-ministry",)
    assert variant.change["reasons.valleys-claimed.weight"] == "strong"
    assert variant.change["actors.sudria.deception"] == "high"
    assert variant.change["reports.r001"] is None


def test_a_case_without_variants_gets_the_file(client, folder):
    (folder / "variants.yaml").unlink()
    preview = previewed(client, **SLY)
    assert preview["files"][0]["before"] is None
    assert preview["files"][0]["diff"][:2] == ["--- /dev/null", "+++ variants.yaml"]
    assert write(client, preview, **SLY).status_code == 200
    # Somebody else made the file meanwhile.
    (folder / "variants.yaml").rename(folder / "kept")
    preview = previewed(client, **SLY)
    (folder / "kept").rename(folder / "variants.yaml")
    assert write(client, preview, **SLY, replace=True).status_code == 409


def test_permissions_stay_and_nothing_is_left_beside(client, folder):
    (folder / "case.yaml").chmod(0o640)
    names = set(bytes_of(folder))
    write(client, previewed(client, **EDIT), **EDIT)
    assert stat.S_IMODE((folder / "case.yaml").stat().st_mode) == 0o640
    assert set(bytes_of(folder)) == names


def test_a_linked_file_is_refused(client, folder, tmp_path):
    outside = tmp_path / "outside.yaml"
    shutil.move(folder / "case.yaml", outside)
    (folder / "case.yaml").symlink_to(outside)
    before = outside.read_bytes()
    answer = post(client, "edits", **EDIT)
    assert answer.status_code == 409
    assert answer.json()["error"]["found"] == "a link"
    assert outside.read_bytes() == before


def test_a_case_with_faults_is_not_edited(client, folder):
    path = folder / "case.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("tocsin: 1", "tocsin: 2"), encoding="utf-8")
    answer = post(client, "edits", **EDIT)
    assert answer.status_code == 422
    assert "a case with faults" in answer.json()["error"]["found"]


def test_markup_in_a_name_is_text(client, folder):
    edit = {**SLY, "name": "<script>alert(1)</script>", "text": "a: *b\n- !!python/object:os.system"}
    write(client, previewed(client, **edit), **edit)
    variant = next(one for one in load(folder).variants if one.id == "sly")
    assert (variant.name, variant.text) == (edit["name"], edit["text"])


# -- the files themselves


def test_a_disk_that_fails_half_way_leaves_the_files_as_they_were(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"2")
    real = Path.replace

    def failing(source, target):
        if target.name == "b":
            raise OSError(28, "No space left on device")
        return real(source, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OSError, match="No space"):
        write_files(tmp_path, {"new": None, "a": b"1", "b": b"2"}, {"new": b"9", "a": b"3", "b": b"4"})
    assert bytes_of(tmp_path) == {"a": b"1", "b": b"2"}


@pytest.mark.parametrize("now", [None, b"other", "link"])
def test_a_file_that_is_no_longer_the_same_is_left_alone(tmp_path, now):
    (tmp_path / "a").write_bytes(b"1")
    if isinstance(now, bytes):
        (tmp_path / "b").write_bytes(now)
    elif now == "link":
        (tmp_path / "b").symlink_to(tmp_path / "a")
    before = bytes_of(tmp_path)
    with pytest.raises(ConflictError):
        write_files(tmp_path, {"a": b"1", "b": b"1"}, {"a": b"3", "b": b"4"})
    assert bytes_of(tmp_path) == before


def test_a_file_that_appeared_meanwhile_is_left_alone(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    with pytest.raises(ConflictError):
        write_files(tmp_path, {"a": None}, {"a": b"2"})
    assert bytes_of(tmp_path) == {"a": b"1"}
