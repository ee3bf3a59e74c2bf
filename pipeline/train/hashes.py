"""Write down which models the package ships: the hash of each file of weights.

    python -m pipeline.train.hashes

Whoever makes a model anew runs this (`make hashes`); records then name another `lexicon_version`, and a test holds the
files against the list.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent.parent
LIST = PACKAGE / "lexicons" / "models.tsv"
HEADER = """\
# The models that ship, each by the SHA-256 of its file.
# Format: path below pipeline/ <tab> SHA-256. Sorted, unique. Read by pipeline/lexicons for the version that records name.
# Origin: made by pipeline/train/hashes.py from the files themselves; docs/models.md says what each learnt from.
"""


def models() -> Iterator[tuple[str, str]]:
    """Each file of weights, by its path below the package, with its hash."""
    for path in sorted(p for suffix in ("npz", "npy") for p in PACKAGE.rglob(f"*.{suffix}")):
        yield path.relative_to(PACKAGE).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Write the list."""
    LIST.write_text(HEADER + "".join(sorted(f"{name}\t{digest}\n" for name, digest in models())), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
