"""ID numbers, only where a class must report them: entered with consent, encrypted, masked, deleted after the report."""
