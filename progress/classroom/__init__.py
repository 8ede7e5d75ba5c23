"""A lesson as slides in a room: the slides, a phone as remote control, questions that phones answer."""
