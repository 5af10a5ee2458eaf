"""What members send, seen and steered by their staff: imports, sources, what was set aside."""
