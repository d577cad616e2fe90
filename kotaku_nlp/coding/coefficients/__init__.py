"""Coefficients of agreement: pure functions over numbers and labels; they know no corpus and no file."""
