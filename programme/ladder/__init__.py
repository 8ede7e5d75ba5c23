"""The ladder: which steps people have reached, on what evidence, and who taught whom."""
