"""What is public is exported, and what is exported is explained."""

import ast
import importlib

import pytest

from tests.house.source import PACKAGE, dotted, modules, short, tree

PACKAGES = [path for path in modules() if path.name == "__init__.py"]


def exported(module: ast.Module) -> set[str]:
    """Public names a package's `__init__` defines, or takes from the project's own modules to pass on.

    What it takes and uses itself is its own affair.
    """
    names: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").split(".")[0] == "tocsin"):
            names |= {alias.asname or alias.name for alias in node.names}
    names -= {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize("path", PACKAGES, ids=dotted)
def test_all_lists_what_a_package_exports(path):
    package = importlib.import_module(dotted(path))
    listed = list(getattr(package, "__all__", []))
    assert len(listed) == len(set(listed))
    assert exported(tree(path)) - set(listed) == set()
    assert [name for name in listed if not hasattr(package, name)] == []


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_public_functions_and_classes_have_a_docstring(path):
    module = tree(path)
    bare = [
        f"{short(path)}:{node.lineno} {node.name}"
        for node in module.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    if module.body and not ast.get_docstring(module):
        bare.insert(0, f"{short(path)}:1 the module itself")
    assert bare == []


def test_the_package_says_it_is_typed():
    assert (PACKAGE / "py.typed").exists()
