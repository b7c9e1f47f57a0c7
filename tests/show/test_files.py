"""The files for other tools: netCDF that ArviZ opens, and Parquet tables."""

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.show import fixtures
from tocsin.show.netcdf import thinned, write_netcdf
from tocsin.show.parquet import TABLES, rows, write_parquet


@pytest.fixture
def draws():
    rng = np.random.default_rng(3)
    return {
        "deceives": (("chain", "draw", "actor"), rng.integers(0, 2, (4, 50, 3)).astype(np.uint8)),
        "standing": (("chain", "draw", "actor"), rng.random((4, 50, 3)).astype(np.float32)),
        "factor": (("chain", "draw", "factor_name"), np.zeros((4, 50, 0), dtype=np.float32)),
    }


@pytest.fixture
def written(draws, tmp_path):
    write_netcdf(
        tmp_path / "estimate.nc",
        draws,
        coords={"actor": ["north", "Łódź", "<x>"], "factor_name": []},
        attrs={"seed": 1, "as_of": "2030-04-15"},
        sample_stats={"log_evidence": (("chain",), np.arange(4.0))},
    )
    return tmp_path / "estimate.nc"


def test_arviz_opens_it(written, draws):
    import arviz as az

    data = az.from_netcdf(str(written))
    assert dict(data.posterior["standing"].sizes) == {"chain": 4, "draw": 50, "actor": 3}
    np.testing.assert_array_equal(data.posterior["standing"].values, draws["standing"][1])
    assert list(data.posterior["actor"].values) == ["north", "Łódź", "<x>"]
    assert data.sample_stats["log_evidence"].values.tolist() == [0.0, 1.0, 2.0, 3.0]
    summary = az.summary(data, var_names=["standing"], kind="stats")
    assert len(summary) == 3


def test_the_reference_reader_opens_it(written):
    import netCDF4

    with netCDF4.Dataset(written) as data:
        assert set(data.groups) == {"posterior", "sample_stats"}
        assert data["posterior"]["deceives"].dimensions == ("chain", "draw", "actor")
        assert int(data.seed) == 1


def test_xarray_opens_it_as_a_tree(written):
    import xarray as xr

    with xr.open_datatree(written, engine="h5netcdf") as tree:
        assert tree.attrs["as_of"] == "2030-04-15"
        assert tree["posterior"].attrs["seed"] == 1


def test_arrays_that_do_not_fit_their_dimensions_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"zip\(\)|conflicting|shorter|longer"):
        write_netcdf(tmp_path / "x.nc", {"a": (("chain", "draw"), np.zeros(3))}, coords={})


def test_thinning_keeps_what_is_few(draws):
    assert thinned(draws, most=50)["standing"][1].shape == (4, 50, 3)
    assert thinned(draws, most=7)["standing"][1].shape == (4, 7, 3)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("make", [fixtures.estimate, fixtures.awkward, fixtures.bare])
def test_every_table_is_written_as_it_is(make, name, tmp_path):
    files = {path.stem: path for path in write_parquet(make(), tmp_path)}
    table = pq.read_table(files[name])
    assert table.column_names == ["as_of", *(column for column, _ in TABLES[name])]
    found = [tuple(row.values())[1:] for row in table.to_pylist()]
    assert found == rows(make(), name)


def test_a_table_says_how_to_get_it_again(tmp_path):
    write_parquet(fixtures.estimate(), tmp_path)
    metadata = pq.read_schema(tmp_path / "questions.parquet").metadata
    assert metadata[b"seed"] == b"1"
    assert metadata[b"case_digest"] == b"0123456789abcdef" * 4


def test_the_first_row_of_the_questions():
    assert rows(fixtures.estimate(), "questions")[0][3:6] == (0.118, 0.004, "very unlikely")
