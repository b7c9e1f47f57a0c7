"""Where a network's actors are drawn: near those they are tied to, and in one place for every day.

Kamada and Kawai's springs: between two actors a spring as long as the way from one to the other over ties,
where a strong tie is a short way. The picture is that of all ties a case writes, whenever they hold, so that
days only show and hide lines; it is turned so that its longer side lies across, and so depends on nothing but
the ties.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

Place = tuple[float, float]

# A tie's length falls from 1 at no strength to a half at full strength.
HALF = 1.0
# To those whom no ties lead to: so much further than the longest way that there is.
BEYOND = 0.6
DIGITS = 3


def layout(names: Sequence[str], ties: Iterable[tuple[str, str, float]]) -> Mapping[str, Place]:
    """A place for each name.

    Parameters
    ----------
    names : of the actors; their order makes no difference
    ties : one, other, strength from 0 to 1; of several between two the strengths add up

    Returns
    -------
    name -> (x, y), from -1 to 1, y downward; the same for the same ties, whatever their order

    References
    ----------
    Kamada and Kawai (1989), Information Processing Letters 31, 7-15.

    Examples
    --------
    >>> layout(["b", "a"], [("a", "b", 0.5)])
    {'b': (1.0, 0.0), 'a': (-1.0, 0.0)}
    """
    import networkx as nx

    ordered = sorted(names)
    if len(ordered) < 2:
        return dict.fromkeys(names, (0.0, 0.0))
    graph = nx.Graph()
    graph.add_nodes_from(ordered)
    strengths: dict[tuple[str, str], float] = {}
    for one, other, strength in sorted(ties):
        pair = (min(one, other), max(one, other))
        strengths[pair] = strengths.get(pair, 0.0) + strength
    for (one, other), strength in sorted(strengths.items()):
        graph.add_edge(one, other, length=1.0 / (1.0 + HALF * strength))
    ways = {one: dict(found) for one, found in nx.all_pairs_dijkstra_path_length(graph, weight="length")}
    furthest = max(way for found in ways.values() for way in found.values()) or 1.0
    ways = {one: {other: ways[one].get(other, furthest + BEYOND) for other in ordered} for one in ordered}
    drawn = nx.kamada_kawai_layout(graph, dist=ways, pos=nx.circular_layout(graph))
    places = _turned(np.array([drawn[name] for name in ordered]))
    return {name: (float(places[k][0]), float(places[k][1])) for name in names for k in [ordered.index(name)]}


def _turned(places: np.ndarray) -> np.ndarray:
    """Places turned so that they spread most from left to right, the first of them up and to the left."""
    places = places - places.mean(axis=0)
    _, axes = np.linalg.eigh(places.T @ places)
    places = places @ axes[:, ::-1]
    for axis in (0, 1):
        # Mirrored by the first actor that lies off the middle.
        off = next((value for value in places[:, axis] if abs(value) > 10.0**-DIGITS), 0.0)
        if off > 0.0:
            places[:, axis] = -places[:, axis]
    largest = float(np.abs(places).max()) or 1.0
    # A zero has no sign to be told.
    rounded: np.ndarray = np.round(places / largest, DIGITS) + 0.0
    return rounded


__all__ = ["Place", "layout"]
