"""Who did what, where and when: acts, and the lines that they leave."""
