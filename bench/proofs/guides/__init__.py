"""The guides for operators, followed to the letter on computers that boot."""
