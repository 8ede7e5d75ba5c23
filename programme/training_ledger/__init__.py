"""The training ledger that a class hands to its bureau: its sheets, files, signed manifest and approval."""
