"""Finds, installs and starts an Asterisk, and renders asterisk-config/ for it."""
