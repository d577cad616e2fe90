"""Whole projects of other tools, unpacked into ordinary corpus folders."""
