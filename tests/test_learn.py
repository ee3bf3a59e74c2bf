"""A packaged model is trained further: it begins as what it is."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.segment import network
from pipeline.segment.cut import cut
from pipeline.segment.describe import describe

pytest.importorskip("torch", reason="needs gangwei[train]")


def test_network_that_is_trained_further_begins_as_the_packaged_model() -> None:
    from pipeline.train import structure

    text = "电焊工\n岗位职责：\n1、焊接钢架；\n任职要求：\n1、两年经验。\n联系人：李工"
    d = describe(text, cut(text))
    packaged = network.packaged()
    again = structure.to_model(structure.of_model(packaged))
    assert np.allclose(network.scores(again, d), network.scores(packaged, d))
