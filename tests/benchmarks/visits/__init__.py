"""How fast visits and their photographs are taken in, beside the same files written and synced."""
