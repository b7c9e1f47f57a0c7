"""Laws of writing back, over every shipped case and the starter: what is asked for changes, and no more."""

import difflib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.house.source import PACKAGE, ROOT
from tocsin.case.change import RECORD, name_of
from tocsin.case.edit import EditError, edit_case
from tocsin.case.files import FILES
from tocsin.case.model import Variant
from tocsin.case.read import load, read_from
from tocsin.case.variant import VariantError, changed

FOLDERS = {
    **{folder.name: folder for folder in sorted((ROOT / "cases").iterdir()) if folder.is_dir()},
    "starter": PACKAGE / "case" / "starter",
}


def texts_of(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_bytes().decode() for name in FILES if (folder / name).exists()}


TEXTS = {name: texts_of(folder) for name, folder in FOLDERS.items()}
CASES = {name: load(folder) for name, folder in FOLDERS.items()}
# Canonical spellings, so that writing one back gives the bytes that were there.
NUMBERS = (0.15, 0.35, 0.8, 1, 2)
WORDS = ("strong", "moderate", "slight", "likely", "unlikely", "words", "strikes")


def places(case):
    """Every place of a case where a number, a word or a text stands, as a change is written."""
    found = []

    def visit(kind, node, path):
        if isinstance(node, dict):
            for key, inner in node.items():
                visit(key, inner, (*path, key))
        elif isinstance(node, list):
            named = [name_of(kind, item) for item in node]
            for k, item in enumerate(node):
                visit(kind, item, (*path, named[k] or str(k)))
        elif node is not None:
            found.append((".".join(path), node))

    tree = case.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for key, value in tree.items():
        if key not in RECORD:
            visit(key, value, (key,))
    return found


PLACES = {name: places(case) for name, case in CASES.items()}


def test_every_case_offers_many_places():
    assert min(len(found) for found in PLACES.values()) > 50


def longest(value):
    """The most lines that a value may take: text is written in lines of forty characters at the least."""
    return 1 + len(str(value)) // 40 + str(value).count("\n")


@st.composite
def edits(draw):
    name = draw(st.sampled_from(sorted(FOLDERS)))
    change, old = draw(st.sampled_from(PLACES[name]))
    values: tuple
    if isinstance(old, bool):
        values = (not old, old)
    elif isinstance(old, int | float):
        values = NUMBERS
    else:
        values = (*WORDS, "A sentence, with a comma: and a colon # and more.", "2024-02-03", "no", "x" * 130)
    new, other = draw(st.permutations(values))[:2]
    return name, change, new, other


def edited(texts, changes):
    """Texts after an edit, and how they read; None where it is refused or makes no case."""
    result = edit_case(texts, changes)
    return {**texts, **result.texts}, result


def touched(before, after):
    """Lines of the old texts that an edit took away or replaced."""
    count = 0
    for name in before:
        one, other = before[name].splitlines(keepends=True), after[name].splitlines(keepends=True)
        for tag, i, j, _, _ in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
            count += j - i if tag != "equal" else 0
    return count


@settings(max_examples=20, deadline=None)
@given(edits())
def test_there_and_back_is_the_same_case_and_going_again_the_same_bytes(edit):
    name, change, new, _ = edit
    old = dict(PLACES[name])[change]
    try:
        there, result = edited(TEXTS[name], {change: new})
        if result.case is None:
            return
        back, result = edited(there, {change: old})
    except EditError:
        return  # an id, under whose old name nothing is found any more
    assert read_from(back)[0] == CASES[name]
    # What was written otherwise than tocsin writes it (0.50, a text in other lines) is now as tocsin does.
    assert touched(TEXTS[name], back) <= longest(old)
    assert edited(edited(back, {change: new})[0], {change: old})[0] == back


def test_there_and_back_gives_the_same_bytes():
    """All but what the starter spells otherwise than tocsin would: partial dates and folded text."""
    strange = []
    new: object
    for change, old in PLACES["starter"][::4]:
        if isinstance(old, bool):
            new = not old
        elif isinstance(old, int | float):
            new = old + 1
        else:
            new = f"{old}-x"
        if change.endswith(".id"):
            continue
        try:
            there, result = edited(TEXTS["starter"], {change: new})
        except EditError:
            continue
        if result.case is not None and edited(there, {change: old})[0] != TEXTS["starter"]:
            strange.append((change, old))
    assert strange == []


@settings(max_examples=30, deadline=None)
@given(edits())
def test_a_change_touches_only_its_own_lines_and_reads_as_the_variant_would(edit):
    name, change, new, _ = edit
    case, texts = CASES[name], TEXTS[name]
    try:
        after, result = edited(texts, {change: new})
    except EditError:
        # Only what a variant could not change either.
        with pytest.raises(VariantError):
            changed(case, Variant(id="v", name="v", change={change: new}))
        return
    assert touched(texts, after) <= longest(dict(PLACES[name])[change])
    if result.case is None:
        return
    wanted = changed(case, Variant(id="v", name="v", change={change: new}))
    assert result.case == wanted.model_copy(update={part: getattr(case, part) for part in RECORD})
    assert result.case == read_from(after)[0]
