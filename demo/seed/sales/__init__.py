"""What the demo sells: shops, prices, orders, live sessions, ledger, origin, and what is to be decided about them."""
