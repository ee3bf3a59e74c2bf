"""The keys of `gangwei.toml`: their types, their defaults, what they mean. Values never change once they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.correct import Settings
from pipeline.limits import Limits
from pipeline.lines import LinesPlan
from pipeline.model import Category
from pipeline.options import FORMATS


class Must(str):
    """What a value must be, in the words of an error."""


def about(description: str) -> Any:
    """What a key means: its comment in `gangwei config --show`."""
    return Field(description=description)


Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Must("a number from 0 to 1")]
Word = Annotated[str, Field(min_length=1), Must("a text that is not empty")]
Text = Annotated[str, Must("a text")]
Count = Annotated[int, Field(ge=1), Must("a whole number from 1")]
Pairs = Annotated[Mapping[Word, Text], Must("map texts to texts")]
Files = Annotated[tuple[Word, ...], Must("a list of paths of files")]

_SETTINGS, _LIMITS = Settings(), Limits()


class Table(BaseModel):
    """What all tables of the file have in common: no value is changed or taken for another type, no key passed over."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LimitKeys(Table):
    """What one document may take."""

    bytes: Annotated[Count, about("Bytes of a file.")] = _LIMITS.bytes
    characters: Annotated[Count, about("Characters of a text.")] = _LIMITS.characters
    seconds: Annotated[
        float,
        Field(gt=0, allow_inf_nan=False),
        Must("a number over 0"),
        about("Seconds for a document of up to 300,000 bytes; a longer one has as much for each 300,000."),
    ] = _LIMITS.seconds
    memory: Annotated[Count, about("MiB of the process that works on it.")] = _LIMITS.memory


class LexiconKeys(Table):
    """Lexicon files of the user's own, beside those of the package and in their format: tsv, # begins a comment."""

    protected: Annotated[Files, about("Files of texts that are never touched: phrase.")] = ()
    phrases: Annotated[Files, about("Files of what is wrong wherever it stands: wrong, right, category.")] = ()
    spin: Annotated[Files, about("Files of swaps of rewriting software: swapped, original, names of tables.")] = ()
    synonyms: Annotated[Files, about("Files of words that may be put for others: swapped, original.")] = ()


class Configuration(Table):
    """All that a user can set; each key may be left out, and then has its default."""

    protected: Annotated[tuple[Word, ...], Must("a list of texts"), about("Texts that are never touched.")] = (
        _SETTINGS.protected
    )
    off: Annotated[
        frozenset[Category],
        Must("a list of categories"),
        about("Categories of corrections that are switched off: ocr typo spin punct dup missing."),
    ] = frozenset(map(Category, _SETTINGS.off))
    apply_above: Annotated[Share, about("Corrections below this confidence become suggestions.")] = (
        _SETTINGS.apply_above
    )
    suggest_above: Annotated[Share, about("Suggestions below this confidence are not made.")] = _SETTINGS.suggest_above
    model: Annotated[
        Word | None, Must("the path of a file"), about("A model of structure that `gangwei learn` wrote.")
    ] = _SETTINGS.model
    formats: Annotated[
        tuple[Literal["json", "xml"], ...],
        Field(min_length=1),
        Must("a list of json and xml"),
        about("What records are written as: json, xml or both. Standard output takes the first."),
    ] = FORMATS
    jobs: Annotated[Count | None, Must("a whole number from 1"), about("Worker processes; one a core unless set.")] = (
        None
    )
    id_field: Annotated[Word, about("What holds the name, in JSON lines.")] = LinesPlan().id_field
    text_field: Annotated[Word | None, Must("a text"), about("What holds the text, in JSON; a.b is b in a.")] = None
    thresholds: Annotated[
        Mapping[Category, Share], Must("map categories to numbers"), about("apply_above for one category.")
    ] = Field(default_factory=dict)
    confusions: Annotated[Pairs, about("Mended where the right one reads better: wrong = right.")] = Field(
        default_factory=dict
    )
    replacements: Annotated[Pairs, about("Always made, as they stand: wrong = right.")] = Field(default_factory=dict)
    limits: Annotated[LimitKeys, Must("a table"), about("What one document may take.")] = LimitKeys()
    lexicons: Annotated[
        LexiconKeys, Must("a table"), about("Lexicon files of your own, in the format of pipeline/lexicons.")
    ] = LexiconKeys()
