"""The cases of a course: what one consists of, and the pages that show them."""
