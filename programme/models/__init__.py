"""Models of the programme, by noun."""
