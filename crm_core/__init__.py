"""Owners, tickets, callbacks, people: one folder per subject."""
