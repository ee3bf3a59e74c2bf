"""Building the packaged models from a corpus of postings; nothing here is imported when documents are parsed."""
