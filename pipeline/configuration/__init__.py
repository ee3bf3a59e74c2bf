"""What a user can set, in one file: `gangwei.toml`.

keys      the keys of the file, their types, defaults and what they mean
reading   the file read, each problem in it with its line
places    the line that a key stands on
own       the user's own lexicon files
shown     the configuration in force, as TOML that reads back to the same
"""

from __future__ import annotations

from pipeline.configuration.keys import Configuration
from pipeline.configuration.reading import Loaded, load, load_settings, problems
from pipeline.configuration.shown import shown

__all__ = ["Configuration", "Loaded", "load", "load_settings", "problems", "shown"]
