"""The command line in a checkout; in a wheel the module `pipeline/cli.py` itself has this name."""

from __future__ import annotations

from pipeline.cli import main

__all__ = ["main"]
