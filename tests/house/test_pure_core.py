"""Files, clock, environment, network and printing belong to the edges and to the case's reader."""

import ast
from pathlib import Path

from tests.house.source import dotted, imports, modules, short

CORE = ("case", "game", "infer", "score", "ask")

FILES = "files"
CLOCK = "clock"
ENVIRONMENT = "environment"
NETWORK = "network"
PRINTING = "printing"
CHANCE = "chance without a seed"

CALLS = {
    "open": FILES,
    "io.open": FILES,
    "os.open": FILES,
    "print": PRINTING,
    "input": PRINTING,
    "os.getenv": ENVIRONMENT,
    "pathlib.Path.home": ENVIRONMENT,
    "pathlib.Path.cwd": ENVIRONMENT,
    "os.getcwd": ENVIRONMENT,
    "datetime.datetime.now": CLOCK,
    "datetime.datetime.today": CLOCK,
    "datetime.datetime.utcnow": CLOCK,
    "datetime.date.today": CLOCK,
}
ATTRIBUTES = {
    "os.environ": ENVIRONMENT,
    "sys.stdout": PRINTING,
    "sys.stderr": PRINTING,
    "sys.argv": ENVIRONMENT,
}
METHODS = dict.fromkeys(
    [
        "read_text",
        "read_bytes",
        "write_text",
        "write_bytes",
        "mkdir",
        "unlink",
        "rglob",
        "iterdir",
        "to_netcdf",
        "to_parquet",
        "to_csv",
    ],
    FILES,
)
MODULES = {
    "time": CLOCK,
    "random": CHANCE,
    "secrets": CHANCE,
    "uuid": CHANCE,
    "socket": NETWORK,
    "ssl": NETWORK,
    "http": NETWORK,
    "urllib": NETWORK,
    "requests": NETWORK,
    "httpx": NETWORK,
    "aiohttp": NETWORK,
    "subprocess": ENVIRONMENT,
    "tempfile": FILES,
    "shutil": FILES,
    "glob": FILES,
}

# What may do what, and why.
ALLOWED: dict[tuple[str, str], str] = {
    ("tocsin.case.population", FILES): "the fitted priors are data shipped with the package",
    ("tocsin.case.read", FILES): "the one reader of a case's folder",
    ("tocsin.case.new", FILES): "writes the starter case, the one act of the case layer that makes files",
    ("tocsin.case.starter", FILES): "the starter case is text files shipped with the package",
}


def written(node: ast.expr, names: dict[str, str]) -> str | None:
    """The full dotted name of `a.b.c`, its first part resolved through the module's imports."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([names.get(node.id, node.id), *reversed(parts)])


def imported_names(module: ast.Module) -> dict[str, str]:
    """What each imported name stands for: `{"dt": "datetime"}` after `import datetime as dt`."""
    names: dict[str, str] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names |= {
                alias.asname or alias.name.split(".")[0]: alias.name for alias in node.names if alias.asname
            }
            names |= {
                alias.name.split(".")[0]: alias.name.split(".")[0] for alias in node.names if not alias.asname
            }
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def effects_in(text: str) -> list[tuple[int, str]]:
    """Line and kind of each effect in a module's text."""
    module = ast.parse(text)
    names = imported_names(module)
    found: list[tuple[int, str]] = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found += [
                (node.lineno, MODULES[top]) for a in node.names if (top := a.name.split(".")[0]) in MODULES
            ]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            top = node.module.split(".")[0]
            if top in MODULES:
                found.append((node.lineno, MODULES[top]))
            found += [
                (node.lineno, ATTRIBUTES[full])
                for alias in node.names
                if (full := f"{node.module}.{alias.name}") in ATTRIBUTES
            ]
        elif isinstance(node, ast.Call):
            name = written(node.func, names)
            if name in CALLS:
                found.append((node.lineno, CALLS[name]))
            elif isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
                found.append((node.lineno, METHODS[node.func.attr]))
            elif name is not None and name.startswith("numpy.random."):
                # A generator is handed in; the bit generators and the seed are how it is derived.
                derived = name.removeprefix("numpy.random.")
                if derived[:1].islower() and not (derived == "default_rng" and node.args):
                    found.append((node.lineno, CHANCE))
        elif isinstance(node, ast.Attribute) and (name := written(node, names)) in ATTRIBUTES:
            found.append((node.lineno, ATTRIBUTES[name]))
    return sorted(set(found))


def is_allowed(path: Path, effect: str) -> bool:
    name = dotted(path)
    return any(
        effect == permitted and (name == module or name.startswith(f"{module}."))
        for module, permitted in ALLOWED
    )


def test_the_core_takes_values_and_returns_values():
    found = [
        f"{short(path)}:{line} {effect}"
        for path in modules(*CORE)
        for line, effect in effects_in(path.read_text(encoding="utf-8"))
        if not is_allowed(path, effect)
    ]
    assert found == []


def test_a_view_returns_what_it_renders():
    """Views may write the file they are for; they print nothing and ask nothing of the machine."""
    found = [
        f"{short(path)}:{line} {effect}"
        for path in modules("show")
        for line, effect in effects_in(path.read_text(encoding="utf-8"))
        if effect != FILES
    ]
    assert found == []


def test_each_kind_of_effect_is_recognised():
    text = """
import datetime as dt, os, sys, urllib.request
from datetime import date
from pathlib import Path
import numpy as np
Path("a").read_text()
open("a")
print(os.environ["A"], file=sys.stderr)
dt.datetime.now()
date.today()
np.random.normal()
np.random.default_rng()
np.random.default_rng(7).normal()
np.random.Philox(key=7)
"""
    assert effects_in(text) == [
        (2, NETWORK),
        (6, FILES),
        (7, FILES),
        (8, ENVIRONMENT),
        (8, PRINTING),
        (9, CLOCK),
        (10, CLOCK),
        (11, CHANCE),
        (12, CHANCE),
    ]


def parsers_imported(path: Path) -> set[str]:
    return {module.split(".")[0] for _, module, _ in imports(path)} & {"yaml", "ruamel", "csv"}


# Besides the reader, and why.
KNOWS_YAML_AND_CSV = {
    "tocsin.case.edit": "writes into the texts that the reader reads, and has the reader read them again",
}


def test_only_the_reader_and_what_writes_for_it_know_yaml_and_csv():
    knowing = {dotted(path) for path in modules(*CORE) if parsers_imported(path)}
    allowed = tuple(f"{package}." for package in ("tocsin.case.read", *KNOWS_YAML_AND_CSV))
    assert {name for name in knowing if not f"{name}.".startswith(allowed)} == set()


def test_who_may_know_yaml_and_csv_does():
    knowing = {dotted(path) for path in modules(*CORE) if parsers_imported(path)}
    assert all(
        any(f"{name}.".startswith(f"{package}.") for name in knowing) for package in KNOWS_YAML_AND_CSV
    )
