"""What people do with records: look at them as pages, decide, and hand the decisions to the next run.

page       one document as a self-contained page: its source text, its record, and what needs a decision
source     the source text of a page, cut into lines, blocks and changes
sheets     the pages of the file as pictures, where it has pages
record     the record of a page, as a tree
index      the list of pages
assets     style and script, and the policy that lets nothing else run
words      what the pages say beside the terms of records, in Chinese
decisions  the file that a page hands out, as data
changes    decisions on corrections and suggestions, applied
structure  decisions on kinds, titles and the beginnings of roles, applied
"""

from __future__ import annotations
