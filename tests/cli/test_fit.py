"""``tocsin fit``: from events to priors of style."""

import datetime as dt
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from click.testing import CliRunner

from tocsin.case.population import STYLE
from tocsin.cli.main import tocsin


def events(path, seed=1, weeks=220):
    """Two made-up countries that now and then shoot at each other, in CAMEO."""
    rng = np.random.default_rng(seed)
    rows = []
    hot = False
    for week in range(weeks):
        hot = rng.random() < (0.8 if hot else 0.1)
        day = dt.date(1990, 1, 1) + dt.timedelta(days=7 * week)
        for source, target in (("AAAMIL", "BBB"), ("BBBGOV", "AAA")):
            code = "190" if hot and rng.random() < 0.7 else "112"
            rows += [(day, source, target, code)] * int(rng.poisson(1.5))
        rows.append((day, "CCC", "DDD", "042"))
    names = ("date", "source", "target", "code")
    pq.write_table(pa.table({name: [row[k] for row in rows] for k, name in enumerate(names)}), path)


def run(*arguments):
    return CliRunner().invoke(tocsin, ["fit", *map(str, arguments)])


def test_it_writes_priors_in_the_form_in_which_they_are_shipped(tmp_path):
    events(tmp_path / "made.parquet")
    answer = run("--data", tmp_path, "--dyads", 2, "--out", tmp_path / "out", "--json")
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    written = json.loads((tmp_path / "out" / "style.json").read_text(encoding="utf-8"))
    assert written["style"] == told["style"]
    assert set(written["style"]) == set(STYLE)
    assert set(written["pace"]) == {"revision", "incidents"}
    assert written["provenance"]["theatres"][0]["fronts"] == 2
    fronts = pq.read_table(tmp_path / "out" / "fronts.parquet")
    assert fronts["initiator"].to_pylist() == ["AAA", "BBB"]
    assert all(error > 0 for error in fronts["reciprocity_error"].to_pylist())


def test_a_folder_without_events_is_refused_with_what_was_expected(tmp_path):
    answer = run("--data", tmp_path)
    assert answer.exit_code == 1
    assert "date, source, target, code" in answer.output
    assert not (tmp_path / "out").exists()
