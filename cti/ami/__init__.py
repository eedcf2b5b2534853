"""Asterisk's Manager Interface; the only folder that imports panoramisk."""
