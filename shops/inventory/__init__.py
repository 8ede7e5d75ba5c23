"""How many units there are, and how many of them are sold before they are picked."""
