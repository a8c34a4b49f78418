"""Words of all languages: sentences, figures, moments, speech.

Touches catalogues and core types; pages, mails and reports stand above it.
"""
