"""The pages of the reading room: each a complete HTML document that needs no script."""
