"""N-grams are found in the table that lies on disk, with their counts, and others hardly ever."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.correct.language import fingerprints, load
from pipeline.train import layout
from pipeline.train.layout import lay_out


def made(size: int) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Different fingerprints, and a count for each."""
    chance = np.random.default_rng(0)
    return chance.integers(0, 2**64, size, dtype=np.uint64), chance.integers(0, 256, size, dtype=np.uint8)


@pytest.mark.parametrize("size", [0, 1, 7, 20_000])
def test_every_ngram_is_found_with_its_count(size: int) -> None:
    wanted, counts = made(size)
    found, known = lay_out(wanted, counts).find(wanted)
    assert known.all()
    assert (found == counts).all()


def test_other_ngrams_are_hardly_ever_found() -> None:
    others = np.random.default_rng(1).integers(0, 2**64, (5, 200_000), dtype=np.uint64)
    assert lay_out(*made(20_000)).find(others)[1].mean() < 1 / 40_000


def test_same_ngrams_give_the_same_table() -> None:
    a, b = lay_out(*made(5000)), lay_out(*made(5000))
    assert a.pilots.tobytes() + a.prints.tobytes() == b.pilots.tobytes() + b.prints.tobytes()
    assert a.counts.tobytes() == b.counts.tobytes()


def test_fingerprints_that_repeat_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pilot can part them; a table without one of them would be wrong in silence."""
    monkeypatch.setattr(layout, "PILOTS", 50)
    wanted, counts = made(3)
    with pytest.raises(ValueError, match="find no pilot"):
        lay_out(np.tile(wanted, 2), np.tile(counts, 2))


def test_orders_do_not_share_fingerprints() -> None:
    """A digit has the number 2: begun with their order alone, its bigrams would be other characters' unigrams."""
    codes = np.arange(5000)
    after_digit = np.stack([np.full(5000, 2), codes], axis=1)
    assert not np.isin(fingerprints(after_digit, 2)[:, 0], fingerprints(codes[:, None], 1)[:, 0]).any()


def test_packaged_model_is_mapped_and_small() -> None:
    model = load()
    for array in (model.lookup.pilots, model.lookup.prints, model.lookup.counts):
        assert isinstance(array.base, np.memmap)
    packed = [f for f in files("pipeline.correct").iterdir() if f.name.endswith(".npy")]
    assert sum(len(f.read_bytes()) for f in packed) < 10_000_000
