"""The character network as it is trained and as it is run are the same network."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.correct.language import context
from pipeline.correct.language.ngrams import load

torch = pytest.importorskip("torch")


def test_trained_network_says_the_same_where_it_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.train import characters

    for name, value in (("UPDATES", 12), ("BATCH", 4), ("LENGTH", 64)):
        monkeypatch.setattr(characters, name, value)
    codes = np.random.default_rng(1).integers(4, 3000, 3000)
    trained = characters.fit(codes, characters.mistaken(load().ids), "cpu")
    with torch.no_grad():
        for name, bias in trained.named_parameters():
            if "bias" in name:
                steps = context.STEPS * (context.STEPS if name == "said_bias" else context.FINER)
                bias.copy_(torch.round(bias * steps) / steps)  # as they are saved
    np.savez_compressed(tmp_path / "context.npz", **characters.arrays_of(trained))
    network, row = context.read(tmp_path / "context.npz"), codes[:90]
    with torch.no_grad():
        wanted = torch.log_softmax(trained(torch.from_numpy(row[None]), True).float(), -1)[0, 39].numpy()
    assert context.chances(network, [row], [40], 1)[0, 0] == pytest.approx(wanted, abs=1e-5)


def test_characters_are_mistaken_for_others_that_look_or_sound_alike() -> None:
    from pipeline.train import characters

    language, options = load(), characters.mistaken(load().ids)
    assert language.ids[ord("末")] in options[language.ids[ord("未")]]
    assert (options[0] == 0).all()
