"""Inbound scheduling: pure, standard library only."""
