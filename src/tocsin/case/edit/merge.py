"""Changes made on top of a variant's, as one set of changes to the case itself."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from tocsin.case.change import name_of
from tocsin.case.edit.patch import EditError
from tocsin.case.faults import shown


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """One set of changes that does what `base` and then `changes` would.

    A change within something that `base` writes is put into that value; one of the whole of which `base`
    writes parts takes their place.

    Raises
    ------
    EditError if a change leads into a value that has no such part

    Examples
    --------
    >>> merged({"actors.a.dispositions": {"calm": 0.5, "set": 0.5}}, {"actors.a.dispositions.calm": 0.7})
    {'actors.a.dispositions': {'calm': 0.7, 'set': 0.5}}
    >>> merged({"pace.revision": 2, "actors.a.wear": 0.1}, {"actors.a.wear": 0.2})
    {'pace.revision': 2, 'actors.a.wear': 0.2}
    """
    result: dict[str, Any] = copy.deepcopy(dict(base))
    for change, value in changes.items():
        outer = next((other for other in result if change.startswith(f"{other}.")), None)
        if outer is not None:
            _into(result, outer, change, value)
            continue
        result = {other: kept for other, kept in result.items() if not other.startswith(f"{change}.")}
        result[change] = copy.deepcopy(value)
    return result


def _into(changes: dict[str, Any], outer: str, change: str, value: Any) -> None:
    node, kind = changes[outer], outer.split(".")[-1]
    *way, last = change.removeprefix(f"{outer}.").split(".")
    for step in way:
        node, kind = _entered(kind, node, step, outer, change), step
    if not isinstance(node, dict):
        raise _no_way(outer, change)
    if value is None:
        node.pop(last, None)
    else:
        node[last] = copy.deepcopy(value)


def _entered(kind: str, node: Any, step: str, outer: str, change: str) -> Any:
    if isinstance(node, dict) and isinstance(node.get(step), dict | list):
        return node[step]
    if isinstance(node, list):
        names = [name_of(kind, item) for item in node]
        at = names.index(step) if step in names else int(step) if step.isdecimal() else len(node)
        if at < len(node):
            return node[at]
    raise _no_way(outer, change)


def _no_way(outer: str, change: str) -> EditError:
    return EditError(
        found=f"a change within {shown(outer)}, which the variant writes otherwise",
        expected=f"a change of {outer} as a whole",
        mend=f"give {outer} its whole value",
        where=change,
    )
