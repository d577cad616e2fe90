"""Would other readers see what the machine saw: blind sheets for people, and what they answered, counted."""
