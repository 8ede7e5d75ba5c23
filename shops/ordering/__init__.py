"""Orders: what a buyer asks for, and every step that follows. Only these modules write an Order."""
