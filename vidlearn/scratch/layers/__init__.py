"""The pairs that the lessons teach: plain functions, forward and backward."""
