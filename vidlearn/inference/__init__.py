"""A trained classifier in one file, and what it says of a clip."""
