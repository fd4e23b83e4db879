"""What a hostile sender is told, and the memory that it takes."""
