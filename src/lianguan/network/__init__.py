"""Places, who works at them and in which role."""
