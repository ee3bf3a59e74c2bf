"""What the service as a whole may take; what one document may take is in `pipeline.limits`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of the service.

    `queue`: requests that may wait for a worker. `batches`: held at a time; `files` and `bytes`: of one of them; `age`:
    seconds that one is kept after it came. `body`: seconds in which the body of a request must have come; `held`: bytes
    of all bodies whose requests are not answered yet. `grace`: seconds that requests have left when the service is told
    to stop.
    """

    queue: int = 64
    batches: int = 16
    files: int = 200
    bytes: int = 200_000_000
    age: float = 3600.0
    body: float = 300.0
    held: int = 500_000_000
    grace: float = 20.0
