"""Import a class's roster from a table: read the file, check each row, show what would happen, write it once confirmed."""
