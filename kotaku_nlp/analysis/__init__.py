"""Numbers are made here: embeddings, topics, alignment, sentiment, involvement, profiles."""
