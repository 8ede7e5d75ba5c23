"""Import the tables that platforms export after a live: any encoding, three formats, a preview before the import."""
