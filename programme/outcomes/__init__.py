"""What the training came to: follow-ups, the impact page and its rows, the public page, stories."""
