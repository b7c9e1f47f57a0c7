"""``estimate.nc``: draws of the posterior as labelled arrays, with islands as chains, for ArviZ and xarray.

Weighted particles become draws of equal weight before they come here, so a histogram of a variable is its
posterior. Islands are independent, which is what the word *chain* promises to whoever computes with them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

# As many draws of each island tell every marginal within a percent or two, and keep the file small.
MOST_DRAWS = 500

Variables = Mapping[str, tuple[tuple[str, ...], np.ndarray]]


def thinned(variables: Variables, most: int = MOST_DRAWS) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    """Evenly spaced draws of each chain, at most so many.

    Examples
    --------
    >>> thinned({"x": (("chain", "draw"), np.arange(12).reshape(2, 6))}, most=3)["x"][1].tolist()
    [[0, 2, 4], [6, 8, 10]]
    """
    taken = {}
    for name, (dims, array) in variables.items():
        if "draw" in dims:
            axis = dims.index("draw")
            size = array.shape[axis]
            count = min(most, size)
            array = array.take(np.arange(count) * size // max(count, 1), axis=axis)
        taken[name] = (dims, array)
    return taken


def write_netcdf(
    path: str | os.PathLike[str],
    posterior: Variables,
    *,
    coords: Mapping[str, Sequence[Any]],
    attrs: Mapping[str, str | int | float] | None = None,
    sample_stats: Variables | None = None,
    constant_data: Variables | None = None,
) -> None:
    """Write a netCDF file with the groups that ArviZ knows.

    Parameters
    ----------
    path : file to write
    posterior : name -> (dimensions, array); the first two dimensions are ``chain`` and ``draw``
    coords : labels of the dimensions other than these two, which are numbered from 0
    attrs : how to get the same again: seed, version, digest of the case, as-of date
    sample_stats : what concerns the computation, such as the log evidence of each chain
    constant_data : what was given, such as the priors

    Raises
    ------
    ValueError if arrays, dimensions and labels do not fit each other
    """
    import xarray as xr

    groups = {
        name: _dataset(variables, coords, attrs or {})
        for name, variables in (
            ("posterior", posterior),
            ("sample_stats", sample_stats),
            ("constant_data", constant_data),
        )
        if variables
    }
    tree = xr.DataTree.from_dict({f"/{name}": dataset for name, dataset in groups.items()})
    tree.attrs.update(attrs or {})
    tree.to_netcdf(os.fspath(path), engine="h5netcdf")


def _dataset(variables: Variables, coords: Mapping[str, Sequence[Any]], attrs: Mapping[str, Any]) -> Any:
    import xarray as xr

    sizes = {
        dim: size
        for dims, array in variables.values()
        for dim, size in zip(dims, np.shape(array), strict=True)
    }
    labels = {dim: list(coords[dim]) if dim in coords else list(range(size)) for dim, size in sizes.items()}
    return xr.Dataset(
        {name: (dims, array) for name, (dims, array) in variables.items()},
        # An empty list has no type of its own that HDF5 could store.
        coords={
            dim: np.array(values, dtype=object if values and isinstance(values[0], str) else None)
            for dim, values in labels.items()
            if values
        },
        attrs=dict(attrs),
    )
