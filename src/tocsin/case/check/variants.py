"""Variants: whether each view names what the case has, and whether what comes out of it is a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pydantic import ValidationError

from tocsin.case.change import Tree, name_of, places
from tocsin.case.check.explain import explain
from tocsin.case.check.finding import Finding, finding
from tocsin.case.check.names import Names
from tocsin.case.faults import Path, dotted, shown
from tocsin.case.model import Case, Variant
from tocsin.case.variant import tree_of, validated

Look = Callable[[Case], tuple[Finding, ...]]


def check_variants(case: Case, names: Names, look: Look) -> Iterator[Finding]:
    """Findings of every variant: of what it names, and of the case that it makes.

    Parameters
    ----------
    look : everything that is wrong with a case without variants
    """
    own: set[tuple[Path, str]] | None = None
    for i, variant in enumerate(case.variants):
        path = ("variants", i)
        yield from _sources(variant, path, names)
        tree, refusals = tree_of(case, variant)
        for refusal in refusals:
            if names.knows_all(refusal.change.split(".")[0]):
                yield finding(
                    (*path, "change", refusal.change),
                    refusal.found,
                    refusal.expected,
                    refusal.mend,
                    at_key=True,
                )
        # What another file's fault has set aside would be missed in every view.
        if refusals or not names.knows_all():
            continue
        if own is None:
            bare = case.model_copy(update={"variants": ()})
            as_written = bare.model_dump(mode="json", by_alias=True)
            own = {_mark(problem, as_written) for problem in look(bare)}
        try:
            problems = look(validated(tree))
        except ValidationError as error:
            problems = tuple(explain(error.errors(include_url=False, include_input=False), tree))
        for problem in problems:
            if _mark(problem, tree) not in own:
                yield _told(problem, variant, path, tree)


def _sources(variant: Variant, path: Path, names: Names) -> Iterator[Finding]:
    for field in ("without", "only"):
        for k, source in enumerate(getattr(variant, field) or ()):
            yield from names.unknown("sources", source, (*path, field, k))
    for k, source in enumerate(variant.without):
        if source in (variant.only or ()):
            yield finding(
                (*path, "without", k),
                f"{shown(source)}, which is also under only",
                "a source either kept or left out",
                "remove it from one of the two",
            )


def _named(path: Path, tree: Tree) -> Path:
    """A path by the name of the thing that it leads to: views number things differently."""
    if len(path) > 1 and isinstance(path[1], int):
        items = tree.get(str(path[0]))
        name = name_of(str(path[0]), items[path[1]]) if isinstance(items, list) else None
        return (path[0], name or path[1], *path[2:])
    return path


def _mark(problem: Finding, tree: Tree) -> tuple[Path, str]:
    """What makes a finding the same in another view."""
    return _named(problem.path, tree), problem.found


def _told(problem: Finding, variant: Variant, path: Path, tree: Tree) -> Finding:
    """A finding of the case in a view, at the change that makes it so."""
    reached = [
        (len(place), change)
        for change in variant.change
        for place in places(tree, change)
        if place and problem.path[: len(place)] == place[: len(problem.path)]
    ]
    at_change = max(reached, default=None)
    here = path if at_change is None else (*path, "change", at_change[1])
    is_said = at_change is not None and at_change[1] == ".".join(map(str, _named(problem.path, tree)))
    where = "" if is_said else f", at {dotted(problem.path)}"
    found = f"in this view{where}: {problem.found}"
    return finding(here, found, problem.expected, problem.mend, severity=problem.severity)
