"""300 documents, five of which crash, hang or eat memory: they cost themselves, and little time."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from pipeline import batch, inputs, manifest
from pipeline.batch import Plan
from pipeline.errors import LimitError, WorkerError
from pipeline.limits import Limits
from tests import poisoned
from tests.test_kills import TEXT, records

POISON = {"017": "die", "101": "hang", "102": "die", "200": "eat", "299": "hang"}


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not tell what a process takes")
def test_five_poisoned_documents_of_three_hundred_cost_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    for n in range(300):
        (raw / f"{n:03}.txt").write_text(TEXT.format(f"出纳{n}", n % 7 + 1), "utf-8")
    monkeypatch.setattr(batch, "_one", poisoned.parse)
    limits = Limits(seconds=2, memory=700)
    took = {}
    for name, poison in (("sound", {}), ("poisoned", POISON)):
        for stem, what in poison.items():
            (raw / f"{stem}.txt").write_text(f"poison:{what}\n", "utf-8")
        out = tmp_path / name
        jobs, _ = inputs.collect([raw], out)
        began = time.monotonic()
        told = {o.path.stem: o.error for o in batch.run(jobs, Plan(out, limits=limits), 2)}
        took[name] = time.monotonic() - began
        failed = {stem: error for stem, error in told.items() if error}
        assert set(failed) == set(poison)
        assert len(manifest.load(out)) == 300 - len(poison)
        for stem, what in poison.items():
            assert isinstance(failed[stem], WorkerError if what == "die" else LimitError)
            why = json.loads((out / "quarantine" / f"{stem}.reason.json").read_bytes())
            assert why["reason"] == str(failed[stem])
        assert len(records(out)) == 2 * (300 - len(poison)) + len(poison)
    assert took["poisoned"] < 1.5 * took["sound"] + 2 * 2 + 8, took  # two of them hang for two seconds; new processes
