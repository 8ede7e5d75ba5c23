"""How a product reaches its buyer: rates, provinces, couriers, addresses."""
