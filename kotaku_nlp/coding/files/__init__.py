"""Codings and codebooks in other tools' files: read, laid on the transcripts, mapped, written."""
