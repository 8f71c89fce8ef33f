"""A run: specified, trained step by step, recorded, stored."""
