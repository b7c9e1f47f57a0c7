"""``tocsin new``: write a small case that works, to start from."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from importlib import resources
from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Write a small, commented case into FOLDER, which must be new or empty."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise click.UsageError(f"{folder} is not a folder; give the name of a new one")
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty; give the name of a new folder")
    try:
        write_starter(folder)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise click.UsageError(f"{folder} is not empty; give the name of a new folder") from None
        raise click.UsageError(f"{folder} cannot be written: {error.strerror}") from None
    click.echo(f"wrote {folder}; next: tocsin check {folder}")


def write_starter(folder: Path) -> None:
    """Write the starter case into a new or empty folder, all of it or none.

    It is written beside its place and moved there in one step, which fails if that has filled meanwhile.
    """
    parent = folder.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=parent))
    try:
        for template in resources.files("tocsin.case").joinpath("starter").iterdir():
            if template.is_file() and not template.name.endswith(".py"):
                (beside / template.name).write_bytes(template.read_bytes())
        # mkdtemp makes a folder for its owner alone; a case is to be as open as any other folder made here.
        mask = os.umask(0)
        os.umask(mask)
        beside.chmod(0o777 & ~mask)
        beside.rename(folder.absolute())
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
