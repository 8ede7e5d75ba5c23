"""The stock of products, and presales: units sold before they are picked."""
