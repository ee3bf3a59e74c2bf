"""What is installed: `gangwei` and nothing else, from the sdist as well, with the notices that it owes."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import gangwei
import gangwei.cluster
import gangwei.errors
import pipeline
import pipeline.cluster
from tests.running import SOAK
from tests.test_kills import records

ROOT = Path(__file__).parent.parent
BUILD = "import sys, setuptools.build_meta as b; print(getattr(b, 'build_' + sys.argv[1])(sys.argv[2]))"
UNINSTALLED = "import sys; sys.meta_path = [f for f in sys.meta_path if 'editable' not in repr(f).lower()]; "
"""What is installed in the environment of the tests is not to be found."""


def build(what: str, folder: Path, out: Path) -> Path:
    words = [sys.executable, "-W", "ignore", "-c", BUILD, what, str(out)]
    told = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr[-2000:]
    return out / told.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked sdist."""
    out = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build("sdist", ROOT, out)) as file:
        file.extractall(out, filter="data")
    (folder,) = (path for path in out.iterdir() if path.is_dir())
    return folder


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked wheel, built from the sdist."""
    out = tmp_path_factory.mktemp("wheel")
    with zipfile.ZipFile(build("wheel", sdist, out)) as file:
        file.extractall(out / "site")
    return out / "site"


def test_wheel_installs_one_name(wheel: Path) -> None:
    assert sorted(path.name for path in wheel.iterdir() if not path.name.endswith(".dist-info")) == ["gangwei"]
    (info,) = wheel.glob("*.dist-info")
    assert {"LICENSE", "NOTICE"} <= {path.name for path in (info / "licenses").iterdir()}
    assert (wheel / "gangwei" / "py.typed").exists()


def test_wheel_holds_all_data_and_no_training_that_learning_does_not_need(wheel: Path) -> None:
    folder = Path(pipeline.__file__).parent
    shipped = {str(path.relative_to(wheel / "gangwei")) for path in (wheel / "gangwei").rglob("*") if path.is_file()}
    wanted = {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and path.parent.name != "train"
    }
    assert wanted <= shipped
    training = {Path(name).name for name in shipped - wanted}
    assert {"structure.py", "layouts.py", "annotated.py"} <= training
    assert training.isdisjoint({"language.py", "scans.py", "noise.py", "decision.py", "confusions.py", "shapes.py"})
    assert training.isdisjoint({"occupation.py", "occupation-read.tsv", "softmax.py", "calibration.py", "hashes.py"})


def test_installed_package_parses_beside_another_pipeline(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "pipeline.py").write_text("raise ImportError('this is somebody else')")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(wheel)))}
    code = (
        "from gangwei import cli; sys.argv = ['gangwei', 'parse', sys.argv[1], '-o', 'out', '--jobs', '2']; cli.main()"
    )
    words = [sys.executable, "-c", f"{UNINSTALLED}{code}", str(ROOT / "raw")]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "7 parsed, 0 failed\n")
    assert records(tmp_path / "out") == records(ROOT / "tests" / "golden")


def test_names_of_a_checkout_are_those_of_the_wheel() -> None:
    assert gangwei.__all__ == pipeline.__all__
    for name in gangwei.__all__:
        assert getattr(gangwei, name) is getattr(pipeline, name)
    kinds = {name for name, value in vars(pipeline.errors).items() if isinstance(value, type)}
    assert kinds == {name for name, value in vars(gangwei.errors).items() if isinstance(value, type)}
    assert gangwei.cluster.__all__ == pipeline.cluster.__all__
    assert all(getattr(gangwei.cluster, name) is getattr(pipeline.cluster, name) for name in gangwei.cluster.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = gangwei.nothing


def test_tests_pass_from_the_sdist(sdist: Path) -> None:
    """A few here; all of them with `make soak`."""
    tests = ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    chosen = ["--deselect", "tests/test_package.py"] if SOAK else ["tests/test_text.py", "tests/test_golden.py"]
    environment = {key: value for key, value in os.environ.items() if key != "GANGWEI_SOAK"}
    code = f"{UNINSTALLED}import runpy; sys.argv = ['pytest', *sys.argv[1:]]; runpy.run_module('pytest', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code, *tests[2:], *chosen], cwd=sdist, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-2000:]
    collected = subprocess.run([sys.executable, *tests, "--collect-only"], cwd=sdist, capture_output=True, text=True)
    assert collected.returncode == 0, collected.stdout[-2000:]
