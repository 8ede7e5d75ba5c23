"""What answers are made of: pages kept under their version, files made for a request, scripts and sheets joined."""
