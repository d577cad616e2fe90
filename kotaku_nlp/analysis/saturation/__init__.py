"""Saturation: whether further interviews still bring new themes, and how many were not heard yet."""
