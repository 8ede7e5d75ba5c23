"""The story of a person, which the person confirms, and its pages."""
