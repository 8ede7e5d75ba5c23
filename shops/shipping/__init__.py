"""How a product reaches its buyer: freight rates, provinces, couriers, addresses."""
