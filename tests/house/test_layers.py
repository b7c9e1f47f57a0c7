"""Imports point one way: from the edges down to the case."""

from pathlib import Path

import pytest

from tests.house.source import PACKAGE, dotted, imports, modules, short

# A layer may import itself and what is listed. `show` renders the values that `ask` answers with;
# `cli` is one edge and may start the other.
BELOW: dict[str, set[str]] = {
    "case": set(),
    "game": {"case"},
    "infer": {"game", "case"},
    "score": {"case"},
    "events": {"score", "game", "case"},
    "ledger": {"score", "case"},
    "ask": {"infer", "events", "ledger", "score", "game", "case"},
    "show": {"ask", "infer", "events", "ledger", "score", "game", "case"},
    "web": {"show", "ask", "infer", "events", "ledger", "score", "game", "case"},
    "cli": {"web", "show", "ask", "infer", "events", "ledger", "score", "game", "case"},
}


def layer_of(module: str) -> str | None:
    """The layer a dotted name belongs to; None outside the package and for its root modules."""
    parts = module.split(".")
    return parts[1] if parts[0] == "tocsin" and len(parts) > 1 and parts[1] in BELOW else None


def targets(path: Path) -> list[tuple[int, str]]:
    """Line and layer of each import of the project's own, `from tocsin import ask` included."""
    found = []
    for line, module, name in imports(path):
        layer = layer_of(f"{module}.{name}" if module == "tocsin" and name else module)
        if layer:
            found.append((line, layer))
    return found


def test_every_folder_of_the_package_is_a_layer():
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert folders <= set(BELOW)


def test_the_arrows_have_no_cycle():
    assert all(layer not in BELOW[other] for layer in BELOW for other in BELOW[layer])


@pytest.mark.parametrize("layer", BELOW)
def test_a_layer_imports_only_itself_and_what_lies_below(layer):
    upward = [
        f"{short(path)}:{line} imports {target}"
        for path in modules(layer)
        for line, target in targets(path)
        if target != layer and target not in BELOW[layer]
    ]
    assert upward == []


def test_show_takes_only_values_from_ask():
    """A view renders a finished answer, so it imports types (CapWords) and never an act."""
    acts = [
        f"{short(path)}:{line} imports {module}.{name}"
        for path in modules("show")
        for line, module, name in imports(path)
        if layer_of(module) == "ask" and (name is None or not name[:1].isupper())
    ]
    assert acts == []


def test_the_root_imports_no_layer_but_by_name_on_demand():
    """`import tocsin` is on the command line's path, so the root's modules must stay light."""
    root = [path for path in PACKAGE.glob("*.py") if path.name != "__init__.py"]
    assert [f"{short(path)} imports {dotted(path)}" for path in root if targets(path)] == []


def test_every_folder_of_modules_is_a_package():
    """Without its `__init__` a folder is imported under a second name when its docstrings are tested."""
    folders = {path.parent for path in modules()}
    assert [short(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
