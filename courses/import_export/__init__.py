"""A course as one document: written as files, packed as a zip, brought into the database and taken out again."""
