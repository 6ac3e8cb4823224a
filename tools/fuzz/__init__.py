"""Fuzzing: hostile bytes for all that reads bytes from elsewhere (`./dev fuzz`)."""
