"""How a class stands with its tasks, for who guides it."""
