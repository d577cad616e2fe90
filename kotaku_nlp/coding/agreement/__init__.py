"""How far coders agree: codings laid over units, compared in pairs and teams, told in lines."""
