"""Copies of everything an installation keeps, taken while people write, and put back."""
