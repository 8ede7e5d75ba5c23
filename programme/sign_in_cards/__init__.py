"""The sign-in cards of the people of a class."""
