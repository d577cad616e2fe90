"""It is told here: tables, figures and one self-contained page. No statistic is computed."""
