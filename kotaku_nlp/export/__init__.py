"""What leaves the house: Word comments, tables of quotes, the methods paragraph and the audit log."""
