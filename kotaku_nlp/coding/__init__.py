"""Judgement: what people say the codes are, and what they coded."""
