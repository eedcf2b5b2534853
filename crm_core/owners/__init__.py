"""Owners (业主): who they are, their numbers, properties and equipment; who is calling."""
