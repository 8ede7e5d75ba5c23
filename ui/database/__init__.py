"""What the ORM lacks: additions to it, many rows in one statement, and how one knows that the database is away."""
