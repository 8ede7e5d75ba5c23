"""A course as one document: written as files, packed as a zip, imported into the database and exported again."""
