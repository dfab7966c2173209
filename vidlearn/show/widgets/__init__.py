"""The widgets of the lessons, one module a notebook."""
