"""The papers of the course: sheets to be printed, filled with a person's own data where the site has it."""
