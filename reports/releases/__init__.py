"""Releases: a report goes through its states to the public, and stays what it was."""
