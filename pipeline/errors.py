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
