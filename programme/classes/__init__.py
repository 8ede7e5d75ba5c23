"""Running a class: the sign-in cards of its people."""
