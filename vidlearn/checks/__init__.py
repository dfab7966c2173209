"""What public functions may be given, and what a refusal says."""
