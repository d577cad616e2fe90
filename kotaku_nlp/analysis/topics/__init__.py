"""Topics: what people talk about, how firmly it stands, in whose words, and who says it."""
