"""Figures of the service in the text format of Prometheus; labels are routes, states and classes of error only."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds in seconds."""


class _Histogram:
    """How many observations are at most each of the buckets' bounds."""

    def __init__(self) -> None:
        self._counts = [0] * (len(_BUCKETS) + 1)
        self.sum = 0.0
        self.count = 0

    def observe(self, seconds: float) -> None:
        self._counts[bisect_left(_BUCKETS, seconds)] += 1
        self.sum += seconds
        self.count += 1

    def lines(self, name: str, labels: str) -> Iterator[str]:
        total = 0
        for bound, count in zip((*map(str, _BUCKETS), "+Inf"), self._counts, strict=True):
            total += count
            yield f'{name}_bucket{{{labels}{"," if labels else ""}le="{bound}"}} {total}'
        braced = f"{{{labels}}}" if labels else ""
        yield f"{name}_sum{braced} {self.sum:.6f}"
        yield f"{name}_count{braced} {self.count}"


class Metrics:
    """What was counted since the start; used by one thread, that of the event loop."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._seconds: dict[str, _Histogram] = {}
        self._documents: Counter[str] = Counter()
        self._parsing = _Histogram()
        self._characters = 0

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self._requests[route, method, status] += 1
        self._seconds.setdefault(route, _Histogram()).observe(seconds)

    def document(self, outcome: str, seconds: float, characters: int = 0) -> None:
        """Count a document: "parsed" or the name of its problem, the seconds since it was handed to the pool."""
        self._documents[outcome] += 1
        self._parsing.observe(seconds)
        self._characters += characters

    def mean(self, route: str) -> float:
        """Seconds that requests of a route took so far; 1 as long as there was none."""
        found = self._seconds.get(route)
        return found.sum / found.count if found else 1.0

    def text(self, gauges: Mapping[str, tuple[str, float]]) -> bytes:
        """The page; `gauges` are figures of this moment, by name, each with what it is."""
        return ("\n".join(self._lines(gauges)) + "\n").encode()

    def _lines(self, gauges: Mapping[str, tuple[str, float]]) -> Iterator[str]:
        yield from _head("gangwei_requests_total", "counter", "Requests by route, method and status.")
        for (route, method, status), count in sorted(self._requests.items()):
            yield f'gangwei_requests_total{{route="{route}",method="{method}",status="{status}"}} {count}'
        yield from _head("gangwei_request_seconds", "histogram", "Seconds that requests took, by route.")
        for route, histogram in sorted(self._seconds.items()):
            yield from histogram.lines("gangwei_request_seconds", f'route="{route}"')
        yield from _head("gangwei_documents_total", "counter", "Documents by what became of them.")
        for outcome, count in sorted(self._documents.items()):
            yield f'gangwei_documents_total{{outcome="{outcome}"}} {count}'
        yield from _head("gangwei_document_seconds", "histogram", "Seconds from the queue to the record.")
        yield from self._parsing.lines("gangwei_document_seconds", "")
        yield from _head("gangwei_characters_total", "counter", "Characters of the texts that were parsed.")
        yield f"gangwei_characters_total {self._characters}"
        for name, (about, value) in gauges.items():
            yield from _head(name, "gauge", about)
            yield f"{name} {value:g}"


def _head(name: str, kind: str, about: str) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {kind}"
