"""The levels of rank ranges and classes, found by simulating surveys of equal companies."""
