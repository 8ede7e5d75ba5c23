"""What pictures, films and posters cost, and how heavy they are."""
