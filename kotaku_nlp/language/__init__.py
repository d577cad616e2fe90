"""Indonesian as people speak it in interviews: words, sentences, clauses, negation.

Small functions over word lists that are data files. Original words and offsets
are never lost: a normal form stands beside them. Nothing heavy is imported here.
"""
