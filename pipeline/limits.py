"""What one document may take, so that none can stop the others."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.errors import LimitError

_SHARE = 300_000
"""Bytes (some 100,000 Han characters) for which `Limits.seconds` are meant; a longer document gets more."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one document; the defaults are far from what any real one needs.

    `bytes` of the file as it lies on disk, `characters` of its text, `seconds` of wall time for up to 300,000 bytes (a
    longer document has as much for each 300,000), `memory` in MiB of the process that works on it.
    """

    bytes: int = 100_000_000
    characters: int = 30_000_000
    seconds: float = 60.0
    memory: int = 2048

    def check_bytes(self, size: int, name: str) -> None:
        """Raises LimitError, naming the document, when a file is too large."""
        if size > self.bytes:
            raise LimitError(f"{name}: {size:,} bytes are over the limit of {self.bytes:,}")

    def check_characters(self, count: int, name: str) -> None:
        """Raises LimitError, naming the document, when a text is too long."""
        if count > self.characters:
            raise LimitError(f"{name}: {count:,} characters are over the limit of {self.characters:,}")

    def seconds_for(self, size: int) -> float:
        """The seconds that a document of `size` bytes may take."""
        return self.seconds * max(1.0, size / _SHARE)
