"""The rules: their files as they are written, read and proven, and what may be said instead."""
