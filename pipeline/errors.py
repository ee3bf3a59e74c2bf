"""What can go wrong, named by condition. Each message names the file and the reason."""

from __future__ import annotations


class PipelineError(Exception):
    """Anything that gangwei itself refuses; catch this one to catch all."""


class ReadError(PipelineError):
    """A file cannot be turned into text: missing, unreadable, of an unknown format."""


class DecodeError(ReadError):
    """A file's bytes are not text in any encoding that it could be in."""


class NoTextError(ReadError):
    """The pages of a file are pictures, which only a recogniser can read."""


class InputClashError(PipelineError):
    """Two inputs would be written to the same output."""


class InvalidRecordError(PipelineError):
    """A record does not fit the published schema, so it is not written: an error of gangwei's own."""


class LexiconError(PipelineError):
    """A lexicon or a settings file is malformed; the message names file and line."""


class ModelError(PipelineError):
    """A file of weights is missing, is no model, or is of another version; the message names it."""


class AnnotationError(PipelineError):
    """An annotation does not fit its text, or a folder holds none; the message names file and line."""


class DecisionsError(PipelineError):
    """A file holds no decisions of a person; the message names it and what is wrong."""


class SourceError(PipelineError):
    """The source text of a record is not to be found, or is not the one that the record was made from."""


class LimitError(PipelineError):
    """A document is over a limit: bytes, characters, seconds, memory, depth of nesting, or what a file format holds."""


class BrokenPromiseError(PipelineError):
    """A record does not say what its source says, so it is not written: an error of gangwei's own."""


class WorkerError(PipelineError):
    """A worker process died of a document, or could not be started at all."""


class WriteError(PipelineError):
    """A record cannot be written: a full disk, no rights, a link out of the output folder, a database of others."""


class MissingPackageError(PipelineError):
    """What is asked for needs a package that is not installed; the message says how to get it."""
