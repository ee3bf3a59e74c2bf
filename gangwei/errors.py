"""All errors in a checkout; in a wheel the module `pipeline/errors.py` itself has this name."""

from __future__ import annotations

from pipeline.errors import (
    AnnotationError,
    BrokenPromiseError,
    DecisionsError,
    DecodeError,
    InputClashError,
    InvalidRecordError,
    LexiconError,
    LimitError,
    MissingPackageError,
    ModelError,
    NoTextError,
    PipelineError,
    ReadError,
    SourceError,
    WorkerError,
    WriteError,
)

__all__ = [
    "AnnotationError",
    "BrokenPromiseError",
    "DecisionsError",
    "DecodeError",
    "InputClashError",
    "InvalidRecordError",
    "LexiconError",
    "LimitError",
    "MissingPackageError",
    "ModelError",
    "NoTextError",
    "PipelineError",
    "ReadError",
    "SourceError",
    "WorkerError",
    "WriteError",
]
