"""The first page: what waits for the person who looks, and how far what is in the field is."""
