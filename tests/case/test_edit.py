"""Writing changes into the text of a case: what each kind of change does to the bytes; what is refused."""

from pathlib import Path

import pytest

from tocsin.case.change import RECORD
from tocsin.case.edit import EditError, edit_case, merged, save_variant
from tocsin.case.edit.csv_text import rewrite_csv
from tocsin.case.edit.yaml_text import rewrite_yaml
from tocsin.case.files import FILES
from tocsin.case.model import Variant
from tocsin.case.read import load, read_from
from tocsin.case.read.yaml_file import read_yaml
from tocsin.case.variant import changed, in_variant

BASE = Path(__file__).parent / "base"
TEXTS = {name: (BASE / name).read_bytes().decode() for name in FILES if (BASE / name).exists()}
CASE = load(BASE)


def tree_in(text):
    document, faults = read_yaml("x.yaml", text)
    assert document is not None
    assert faults == []
    return document.tree


def rewritten(text, **new):
    """The text with top-level keys set; None takes one away."""
    tree = {**tree_in(text), **new}
    return rewrite_yaml("x.yaml", text, {key: value for key, value in tree.items() if value is not None})


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        ("a:   strong   # why\nb: 1\n", {"a": "weak"}, "a:   weak   # why\nb: 1\n"),
        ("a: 'strong'\n", {"a": "it's"}, "a: 'it''s'\n"),
        ('a: "strong"\n', {"a": "weak"}, 'a: "weak"\n'),
        ("a: 'b: c'\n", {"a": "weak"}, "a: weak\n"),
        (
            "a: x  # c\nb: 1\n",
            {"a": "w " * 60 + "w"},
            "a: >-  # c\n  " + "w " * 53 + "w\n  w w w w w w w\nb: 1\n",
        ),
        ("a: [x]  # c\n", {"a": "w\nw"}, "a: |-  # c\n  w\n  w\n"),
        ("a:\n  - x  # c\n", {"a": ["w\nw"]}, "a:\n  - |-  # c\n    w\n    w\n"),
        ("a: 0.50\n", {"a": 0.5}, "a: 0.50\n"),
        ("a: 1\n", {"a": True}, "a: true\n"),
        ("a: x\n", {"a": "12"}, 'a: "12"\n'),
        ("a: x\n", {"a": "null"}, 'a: "null"\n'),
        ("a: x\n", {"a": "2023-10-11"}, "a: 2023-10-11\n"),
        ("a: x\n", {"a": "b: c"}, 'a: "b: c"\n'),
        ("a: x\n", {"a": "é 😀"}, "a: é 😀\n"),
        ("a: x\n", {"a": "\x85\u2028"}, 'a: "\\u0085\\u2028"\n'),
        ("a: x\n", {"a": "one\ntwo"}, "a: |-\n  one\n  two\n"),
        ("a: x\n", {"a": "one\n\ntwo"}, 'a: "one\\n\\ntwo"\n'),
        ("a:\nb: 1\n", {"a": 2}, "a: 2\nb: 1\n"),
        ("a:  # c\nb: 1\n", {"a": 2}, "a: 2  # c\nb: 1\n"),
        ("a: >-  # c\n  one\n  two\n\n# end\nb: 1\n", {"a": "x"}, "a: x  # c\n\n# end\nb: 1\n"),
        (
            "a: >-\n  one\n  two\n\nb: 1\n",
            {"a": "w " * 60 + "w"},
            "a: >-\n  " + "w " * 53 + "w\n  w w w w w w w\n\nb: 1\n",
        ),
        ("a: |+\n  one\n\nb: 1\n", {"c": 2}, "a: |+\n  one\n\nb: 1\nc: 2\n"),
        ("b: 1\na: |+\n  one\n\n", {"c": 2}, "b: 1\na: |+\n  one\n\nc: 2\n"),
        ("a: one\n  two\nb: 1\n", {"a": "x"}, "a: x\nb: 1\n"),
    ],
)
def test_a_scalar_is_replaced_where_it_stands(before, new, after):
    assert rewritten(before, **new) == after


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        ("m: {a: 1, b: 2}  # c\n", {"m": {"a": 3, "b": 2}}, "m: {a: 3, b: 2}  # c\n"),
        ("m: {a: 1, b: 2}\n", {"m": {"b": 2}}, "m: {b: 2}\n"),
        ("m: {a: 1, b: 2, c: 3}\n", {"m": {"a": 1}}, "m: {a: 1}\n"),
        ("m: {a: 1, b: 2, c: 3}\n", {"m": {"b": 2}}, "m: {b: 2}\n"),
        ("m: {a: 1}\n", {"m": {}}, "m: {}\n"),
        ("m: {a: 1,}\n", {"m": {}}, "m: {}\n"),
        ("m: {}\n", {"m": {"a": 1}}, "m: {a: 1}\n"),
        ("m: {a: 1}\n", {"m": {"a": 1, "b": "x, y"}}, 'm: {a: 1, b: "x, y"}\n'),
        ("m: {a: 1,}\n", {"m": {"a": 1, "b": 2}}, "m: {a: 1, b: 2,}\n"),
        ("m: {\n  a: 1,  # one, first\n  b: 2  # two\n}\n", {"m": {"b": 3}}, "m: {\n  b: 3  # two\n}\n"),
        ("m: {a, b: 2}\n", {"m": {"a": 1, "b": 2}}, "m: {a: 1, b: 2}\n"),
        ("m: {a: , b: 2}\n", {"m": {"a": 1, "b": 2}}, "m: {a: 1, b: 2}\n"),
        ("l: [1, 2, 3]\n", {"l": [1, 3]}, "l: [1, 3]\n"),
        ("l: [1, 2, 3]\n", {"l": [1, 2, 3, "a: b"]}, 'l: [1, 2, 3, "a: b"]\n'),
        ("l: [1, 2, 3]\n", {"l": [0.5, 2, 3]}, "l: [0.5, 2, 3]\n"),
        ("l: [2]\n", {"l": []}, "l: []\n"),
        ("l: [a, b, c]\n", {"l": ["b", "x"]}, "l: [b, x]\n"),
    ],
)
def test_between_brackets_only_what_differs_is_touched(before, new, after):
    assert rewritten(before, **new) == after


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        ("m:\n    a: 1\n\n# end\n", {"m": {"a": 1, "b": 2}}, "m:\n    a: 1\n    b: 2\n\n# end\n"),
        ("m:\n  a: 1\n  b: 2  # two\n  c: 3\n", {"m": {"a": 1, "c": 3}}, "m:\n  a: 1\n  c: 3\n"),
        ("m:  # why\n  a: 1\nn: 2\n", {"m": {}}, "m: {}  # why\nn: 2\n"),
        ("m:  # why\n  a: 1\nn: 2\n", {"m": "word"}, "m: word  # why\nn: 2\n"),
        ("m: word  # why\n", {"m": {"a": 1}}, "m: {a: 1}  # why\n"),
        ("a: 1\nb: 2\n", {"a": None}, "b: 2\n"),
        ("a: 1\nb: 2", {"b": None}, "a: 1"),
        ("a: 1", {"b": 2}, "a: 1\nb: 2"),
        (
            "a: 1\r\nb: 2\r\n",
            {"c": {"d": "x" * 120}},
            "a: 1\r\nb: 2\r\nc:\r\n  d: >-\r\n    " + "x" * 120 + "\r\n",
        ),
        (
            "m:\n  a:\n    b: 1\nn: 2\n",
            {"m": {"a": {"b": 1, "c": 3}, "d": 4}},
            "m:\n  a:\n    b: 1\n    c: 3\n  d: 4\nn: 2\n",
        ),
    ],
)
def test_keys_in_lines_come_and_go_with_their_lines(before, new, after):
    assert rewritten(before, **new) == after


NAMED = "l:\n  - id: a\n    v: 1\n\n  # of b\n  - id: b\n    v: 2\n\n  - id: c\n    v: 3\n\n# end\nz: 1\n"


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        (
            NAMED,
            [("a", 1), ("c", 3)],
            "l:\n  - id: a\n    v: 1\n\n  # of b\n\n  - id: c\n    v: 3\n\n# end\nz: 1\n",
        ),
        (NAMED, [("a", 1), ("b", 2)], NAMED.replace("\n\n  - id: c\n    v: 3", "")),
        (
            NAMED,
            [("a", 1), ("b", 2), ("c", 3), ("d", 4)],
            NAMED.replace("v: 3\n", "v: 3\n\n  - id: d\n    v: 4\n"),
        ),
        (NAMED, [], "l: []\n\n  # of b\n\n# end\nz: 1\n"),
        ("l: []  # none yet\nz: 1\n", [("a", 1)], "l:  # none yet\n  - id: a\n    v: 1\nz: 1\n"),
        ("l:\n- {id: a, v: 1}\nz: 1\n", [("a", 1), ("b", 2)], "l:\n- {id: a, v: 1}\n- {id: b, v: 2}\nz: 1\n"),
        ("l:\n- {id: a, v: 1}\nz: 1\n", [("b", 1)], "l:\n- {id: b, v: 1}\nz: 1\n"),
        ("l:\n- {id: a, v: 1}\nz: 1\n", [("b", 2)], "l:\n- {id: b, v: 2}\nz: 1\n"),
    ],
)
def test_items_come_and_go_with_their_lines_and_the_blank_one_above(before, new, after):
    assert rewritten(before, l=[{"id": name, "v": value} for name, value in new]) == after


def test_a_first_key_beside_a_dash_gives_its_place_to_the_next():
    assert rewritten("l:\n  - a: 1\n    b: 2\n", l=[{"b": 2}]) == "l:\n  - b: 2\n"


def test_a_long_list_goes_in_lines_and_a_short_one_on_one():
    effects = [{"factor": "f", "shift": 0.5}, {"factor": "g", "shift": 0.5}]
    assert rewritten("a: 1\n", effects=effects) == (
        "a: 1\neffects:\n  - {factor: f, shift: 0.5}\n  - {factor: g, shift: 0.5}\n"
    )
    assert rewritten("a: 1\n", without=["a", "b"]) == "a: 1\nwithout: [a, b]\n"


@pytest.mark.parametrize(
    ("text", "tree", "told"),
    [
        ("a: &x 1\n", {"a": 2}, "an anchor"),
        ("m: &x\n  a: 1\n", {"m": {"a": 2}}, "an anchor"),
        ("a: 1\n", {"a": float("nan")}, "a finite number"),
        ("a: 1\n", {"a": 10**20}, "at most 18 digits"),
        ("a: 1\n", {"a": "\ud800"}, "half a character"),
        ("a: *x\n", {"a": 2}, "a file with faults"),
        ("b: 2\n? a\n: 1\n", {"b": 2}, "several on one line"),
    ],
)
def test_what_cannot_be_written_safely_is_refused_with_a_reason(text, tree, told):
    with pytest.raises(EditError, match=told):
        rewrite_yaml("x.yaml", text, tree)


ROWS = 'id,date,source,grade,text\r\nr1,2023,press,2,"a, ""b"""\r\n\r\nr2,2024,press,,plain'


def reports(*rows):
    return {"reports": [{k: v for k, v in row.items() if v is not None} for row in rows]}


ONE = {"id": "r1", "date": "2023", "source": "press", "grade": 2, "text": 'a, "b"'}
TWO = {"id": "r2", "date": "2024", "source": "press", "grade": None, "text": "plain"}


@pytest.mark.parametrize(
    ("rows", "after"),
    [
        ([ONE, TWO], ROWS),
        ([{**ONE, "grade": 5}, TWO], ROWS.replace(",2,", ",5,")),
        ([{**ONE, "text": "x"}, TWO], ROWS.replace('"a, ""b"""', "x")),
        ([ONE, {**TWO, "grade": 6, "text": "x, y"}], ROWS.replace(",,plain", ',6,"x, y"')),
        ([ONE, {**TWO, "text": None}], ROWS.replace("plain", "")),
        ([TWO], ROWS.replace('r1,2023,press,2,"a, ""b"""\r\n', "")),
        ([ONE], ROWS.replace("r2,2024,press,,plain", "")),
        ([ONE, TWO, {**TWO, "id": "r3", "text": "line\nbreak"}], ROWS + '\r\nr3,2024,press,,"line\nbreak"'),
    ],
)
def test_only_the_cell_or_the_row_that_differs_is_touched(rows, after):
    assert rewrite_csv("reports.csv", ROWS, reports(*rows)) == after


def test_quotes_that_were_not_needed_are_kept():
    quoted = ROWS.replace("plain", '"plain"')
    assert rewrite_csv("reports.csv", quoted, reports(ONE, {**TWO, "text": "x"})) == ROWS.replace(
        "plain", '"x"'
    )


def test_a_field_without_a_column_is_refused():
    with pytest.raises(EditError, match="add the column origin"):
        rewrite_csv("reports.csv", ROWS, reports({**ONE, "origin": "x"}, TWO))


# -- the case as a whole


def written(changes, texts=TEXTS):
    edited = edit_case(texts, changes)
    return edited, {**texts, **edited.texts}


def case_in(edited):
    assert edited.case is not None, edited.faults
    return edited.case


def test_a_change_reads_as_the_variant_with_that_change_would():
    changes = {
        "actors.sudria.style.inertia": 0.5,
        "actors.norland.style.weariness": "slight",
        "ties.norland -> sudria.strength": 0.25,
        "indicators.hospitals.likelihood.3": 0.75,
        "sources.monitors.watches.convoys.coverage": 0.9,
        "reports.r1.grade": 5,
        "deals.talks.terms.norland": None,
        "events.redeploys.effects.0.shift": 0.125,
    }
    edited, texts = written(changes)
    assert set(edited.texts) == {"case.yaml", "indicators.yaml", "sources.yaml", "reports.csv"}
    wanted = changed(CASE, Variant(id="v", name="v", change=changes))
    assert edited.case == wanted.model_copy(update={part: getattr(CASE, part) for part in RECORD})
    assert read_from(texts) == (edited.case, edited.faults)


def test_nothing_is_written_where_nothing_changes():
    assert edit_case(TEXTS, {}).texts == {}
    assert edit_case(TEXTS, {"actors.sudria.name": CASE.actors[0].name}).texts == {}


def test_one_rung_of_the_usual_ladder_writes_the_whole_ladder_out():
    edited, _ = written({"ladder.rungs.strikes.readiness": 2, "pace.revision": 1.5})
    assert [rung.readiness for rung in case_in(edited).ladder.rungs] == [0, 0, 0, 0, 2, 2, 3]
    assert (
        "pace: {revision: 1.5}" in edited.texts["case.yaml"] or "revision: 1.5" in edited.texts["case.yaml"]
    )


def test_a_byte_order_mark_windows_line_ends_and_a_missing_last_one_stay():
    odd = {name: "\ufeff" + text.replace("\n", "\r\n").rstrip() for name, text in TEXTS.items()}
    edited, texts = written({"actors.sudria.wear": 0.125, "reports.r1.grade": 5}, odd)
    assert set(edited.texts) == {"case.yaml", "reports.csv"}
    for text in edited.texts.values():
        assert text.startswith("\ufeff")
        assert text.count("\n") == text.count("\r\n")
        assert not text.endswith("\n")
    assert edit_case(
        texts, {"actors.sudria.wear": None, "reports.r1.grade": CASE.reports[0].grade}
    ).texts == {name: odd[name] for name in edited.texts}


def test_a_change_that_makes_a_fault_comes_with_it_and_its_line():
    edited, _ = written({"actors.sudria.wear": 7})
    assert edited.case is None
    (fault,) = edited.faults
    assert (fault.file, fault.where) == ("case.yaml", "actors[0].wear")
    line = edited.texts["case.yaml"].splitlines()[fault.line - 1]
    assert "wear: 7" in line


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"actors.nobody.wear": 0.5}, "'nobody'"),
        ({"outcomes.x": None}, "what happened"),
        ({"actors.sudria.style": {"bias": 1}, "actors.sudria.style.bias": 2}, "within that of"),
        ({"nothing": 1}, "which a case has not"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused(changes, told):
    with pytest.raises(EditError, match=told):
        edit_case(TEXTS, changes)


def test_a_case_with_faults_is_not_edited():
    with pytest.raises(EditError, match="a case with faults"):
        edit_case(
            {**TEXTS, "case.yaml": TEXTS["case.yaml"].replace("tocsin: 1", "tocsin: 2")}, {"title": "x"}
        )


# -- variants


SLY = {"id": "sly", "name": "A sly view", "change": {"actors.sudria.deception": "high"}}


def test_a_variant_goes_behind_the_others_in_their_layout():
    edited = save_variant(TEXTS, SLY)
    before, after = TEXTS["variants.yaml"], edited.texts["variants.yaml"]
    assert set(edited.texts) == {"variants.yaml"}
    added = "  - id: sly\n    name: A sly view\n    change:\n      actors.sudria.deception: high\n"
    assert after == before + added
    assert in_variant(case_in(edited), "sly") == changed(CASE, Variant(**SLY))


def test_a_case_without_variants_gets_the_file():
    without = {name: text for name, text in TEXTS.items() if name != "variants.yaml"}
    edited = save_variant(without, SLY)
    assert edited.texts["variants.yaml"].startswith("# The case as others would have written it")
    assert [variant.id for variant in case_in(edited).variants] == ["sly"]


def test_a_variant_of_the_same_id_is_replaced_only_if_that_is_said():
    texts = {**TEXTS, **save_variant(TEXTS, SLY).texts}
    other = {**SLY, "change": {"actors.sudria.deception": "low"}, "text": "Thinks again."}
    with pytest.raises(EditError, match="has already"):
        save_variant(texts, other)
    edited = save_variant(texts, other, replace=True)
    assert edited.texts["variants.yaml"] == texts["variants.yaml"].replace(
        "deception: high\n", "deception: low\n    text: Thinks again.\n"
    )


def test_a_variant_with_a_fault_comes_with_its_line():
    edited = save_variant(TEXTS, {**SLY, "change": {"actors.sudria.wear": 3}})
    assert edited.case is None
    assert [fault.file for fault in edited.faults] == ["variants.yaml"]


@pytest.mark.parametrize(
    ("base", "changes"),
    [
        ({"actors.sudria.wear": 0.5}, {"actors.sudria.wear": 0.25}),
        ({"actors.sudria.style": {"bias": 0.5}}, {"actors.sudria.style.bias": 0.25}),
        ({"actors.sudria.style": {"bias": 0.5}}, {"actors.sudria.style.bias": None}),
        ({"actors.sudria.style.bias": 0.5}, {"actors.sudria.style": {"inertia": "slight"}}),
        (
            {"events.redeploys.effects": [{"factor": "busy", "shift": 0.5}]},
            {"events.redeploys.effects.0.shift": 0.25},
        ),
        (
            {"sources.monitors.watches": [{"indicator": "convoys", "coverage": 0.5}]},
            {"sources.monitors.watches.convoys.coverage": 0.25},
        ),
        ({"reports.r1.grade": 4}, {"reports.r1": None}),
        ({"pace.revision": 2}, {"actors.sudria.wear": 0.25}),
    ],
)
def test_changes_on_top_of_a_view_make_one_set_that_does_the_same(base, changes):
    both = changed(
        changed(CASE, Variant(id="a", name="a", change=base)), Variant(id="b", name="b", change=changes)
    )
    assert changed(CASE, Variant(id="c", name="c", change=merged(base, changes))) == both


def test_a_change_into_what_a_view_takes_away_is_refused():
    with pytest.raises(EditError, match="whole value"):
        merged({"actors.sudria.style": None}, {"actors.sudria.style.bias": 1})
