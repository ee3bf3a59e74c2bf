"""One contestant of a race: `python bench/contestants.py NAME TEXTS.jsonl`, in an interpreter that has it installed.

It says that it is ready, with its version, and then, for each line that it is sent, works on all texts and says what
that took: CPU seconds, memory now and at its peak in MiB, and of gangwei the seconds of each stage. It needs none of
gangwei's own modules unless it is gangwei.
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import resource
import sys
import tempfile
import time
import types
from collections import defaultdict
from collections.abc import Callable
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

Work = Callable[[str], Any]


def page(text: str) -> str:
    """A text as a web page, for those that read nothing else."""
    paragraphs = "".join(f"<p>{escape(line)}</p>\n" for line in text.splitlines())
    return f"<html><head><title>page</title></head><body><article>\n{paragraphs}</article></body></html>"


def _ftfy() -> Work:
    import ftfy

    work: Work = ftfy.fix_text
    return work


def _trafilatura() -> Work:
    import trafilatura

    return lambda text: trafilatura.extract(page(text))


def _markitdown() -> Work:
    from markitdown import MarkItDown

    reader = MarkItDown()
    return lambda text: reader.convert_stream(io.BytesIO(page(text).encode()), file_extension=".html").markdown


def _jionlp() -> Work:
    import jionlp

    return lambda text: [jionlp.clean_text(part) for part in jionlp.split_sentence(text)]


def _unstructured() -> Work:
    from unstructured.partition.text import partition_text

    return lambda text: partition_text(text=text, languages=["zho"])


def _pycorrector() -> Work:
    """Its parts that need no model: names that sound or look alike, without the import of all the others."""
    spec = importlib.util.find_spec("pycorrector")
    assert spec is not None
    package = types.ModuleType("pycorrector")
    package.__path__ = list(spec.submodule_search_locations or ())
    sys.modules["pycorrector"] = package
    from pycorrector.proper_corrector import ProperCorrector

    corrector = ProperCorrector()
    return lambda text: corrector.correct(text)


PEERS: dict[str, tuple[Callable[[], Work], str]] = {
    "ftfy": (_ftfy, "mends encoding"),
    "trafilatura": (_trafilatura, "takes the text out of a page"),
    "markitdown": (_markitdown, "a page to Markdown"),
    "jionlp": (_jionlp, "parts sentences, cleans them by patterns"),
    "unstructured": (_unstructured, "parts text into elements"),
    "pycorrector": (_pycorrector, "mends proper names; its part without a model"),
}
"""How each is called, and what it does of what gangwei does."""


class Stages:
    """The whole line, from the bytes of a file to JSON and XML that are valid and on the disk, a watch at each stage."""

    NAMES = ("read", "clean", "correct", "segment", "classify", "hold against the source", "JSON", "XML", "write")

    def __init__(self) -> None:
        from pipeline import run

        self._folder = tempfile.TemporaryDirectory()
        self.seconds: dict[str, float] = defaultdict(float)
        named = {"clean": "clean", "correct": "correct", "segment": "segment", "classify": "classify"}
        for function, stage in {**named, "broken": "hold against the source"}.items():
            setattr(run, function, self._watched(stage, getattr(run, function)))

    def __call__(self, text: str) -> None:
        """Parse and write a text."""
        from pipeline import outputs, run
        from pipeline.export import render
        from pipeline.read import read_bytes

        source = self._watched("read", read_bytes)(text.encode(), "text.txt")
        document = run.record(source)
        written = {
            ".json": self._watched("JSON", render)(document, "json"),
            ".xml": self._watched("XML", render)(document, "xml"),
        }
        self._watched("write", outputs.write)(Path(self._folder.name), "text", written)

    def _watched(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any) -> Any:
            start = time.process_time()
            try:
                return work(*arguments)
            finally:
                self.seconds[stage] += time.process_time() - start

        return timed


def main() -> None:
    """Take part."""
    name, path = sys.argv[1:3]
    os.environ.update(UNSTRUCTURED_DISABLE_NOTICE="1", DO_NOT_TRACK="1")
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    texts = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    stages = None
    try:
        if name == "gangwei":
            work: Work = Stages()
            stages = work
        else:
            work = PEERS[name][0]()
        work(texts[0][:500])
        ready = {"version": version(name)}
    except BaseException as error:
        ready = {"missing": f"{type(error).__name__}: {error}".partition(" from http")[0].splitlines()[0][:160]}
    print(json.dumps(ready), file=out, flush=True)
    for _ in sys.stdin:
        if isinstance(stages, Stages):
            stages.seconds.clear()
        start = time.process_time()
        for text in texts:
            work(text)
        told: dict[str, Any] = {"cpu": time.process_time() - start, **memory()}
        if isinstance(stages, Stages):
            told["stages"] = dict(stages.seconds)
        print(json.dumps(told), file=out, flush=True)


def memory() -> dict[str, float]:
    """MiB of this process now, and at its peak; now 0 where the system does not tell."""
    try:
        now = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        now = 0.0
    return {"now": now, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10}


if __name__ == "__main__":
    main()
