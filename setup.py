"""How the wheel is made: the folder `pipeline` is installed as the package `gangwei`.

The folder's name is fixed, but `pipeline` as a top-level name would clash with half the projects that install this. So a
wheel holds `pipeline` under the name `gangwei`, with its own imports renamed, and nothing else. In a checkout, and in an
editable install, the folder is `pipeline`, and the small package `gangwei` beside it gives the same public names; type
checkers and editors follow both without plugins. Everything else about the build is in pyproject.toml.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

FOLDER, NAME = "pipeline", "gangwei"
IMPORTS = re.compile(rf"\b(from |import ){FOLDER}\b|\b{FOLDER}(?=\.[a-z_])|(?<=files\(\"){FOLDER}(?=\"\))")
TRAINED = re.compile(rf"{FOLDER}\.train(?:\.(\w+)| import ([\w, ]+))")


class BuildRenamed(build_py):
    """Copy what ships, then rename it; training code only as far as `gangwei learn` needs it."""

    def run(self) -> None:
        """Build as ever, and rename what was built."""
        library = Path(self.build_lib)
        if not self.editable_mode:
            for name in (FOLDER, NAME):
                shutil.rmtree(library / name, ignore_errors=True)
        super().run()
        if not self.editable_mode:
            built = library / FOLDER
            drop_training(built)
            shutil.rmtree(library / NAME)
            built.rename(library / NAME)
            for path in (library / NAME).rglob("*.py"):
                path.write_text(renamed(path.read_text("utf-8")), "utf-8")


def renamed(source: str) -> str:
    """A module's source with the package's new name."""
    return IMPORTS.sub(lambda m: (m[1] or "") + NAME, source)


def drop_training(built: Path) -> None:
    """Remove the modules of `train` that learning a house style does not call for, and the data that only they read."""
    needed: set[str] = set()
    new = trains(built / "learn.py")
    while new:
        needed |= new
        new = {other for name in new for other in trains(built / "train" / f"{name}.py")} - needed
    read = "".join((built / "train" / f"{name}.py").read_text("utf-8") for name in needed)
    for path in (built / "train").iterdir():
        kept = path.stem in needed | {"__init__"} if path.suffix == ".py" else path.name in read
        if path.is_file() and not kept:
            path.unlink()


def trains(path: Path) -> set[str]:
    """The modules of `train` that a module imports."""
    found = TRAINED.findall(path.read_text("utf-8"))
    names = {name for one, several in found for name in (one, *several.replace(" ", "").split(",")) if name}
    return {name for name in names if (path.parent / f"{name}.py").exists() or (path.parent / "train").is_dir()}


setup(cmdclass={"build_py": BuildRenamed})
