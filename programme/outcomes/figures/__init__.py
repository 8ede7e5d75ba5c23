"""The figures of what the training came to, one module a figure; nothing of them is stored."""
