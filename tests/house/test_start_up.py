"""The command line answers at once, because nothing heavy is imported before it is needed."""

import json
import subprocess
import sys

HEAVY = [
    "numpy", "scipy", "numba", "llvmlite", "pydantic", "xarray", "pandas", "pyarrow", "h5netcdf",
    "arviz", "sklearn", "matplotlib", "duckdb", "sqlalchemy", "alembic", "scoringrules",
    "fastapi", "uvicorn", "watchfiles", "ruamel", "networkx",
]  # fmt: skip


def imported_by(statement: str) -> set[str]:
    """Top-level packages in memory after a statement, in an interpreter of its own."""
    program = (
        f"{statement}; import json, sys; print(json.dumps(sorted({{n.split('.')[0] for n in sys.modules}})))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    return set(json.loads(answer.stdout))


def test_the_command_line_starts_without_the_heavy_libraries():
    assert imported_by("import tocsin.cli.main") & set(HEAVY) == set()


def test_the_package_itself_imports_nothing_heavy():
    assert imported_by("import tocsin") & set(HEAVY) == set()


def test_looking_for_heavy_libraries_finds_them():
    assert "numpy" in imported_by("import numpy")
