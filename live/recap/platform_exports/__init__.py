"""Import the tables that platforms export after a live: any encoding, three formats, with a preview."""
