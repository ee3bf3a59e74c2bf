"""What may be wrong and what may stand there instead: one module for each way in which a text goes wrong.

A new kind of mistake is a module with `propose(language, page)`, which the decision weighs, or with `judge(text, language)`
where the mistake shows without a model; either is named in one of the two lists of `proposers`.
"""
