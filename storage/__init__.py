"""The floor of the house: engine, unit of work, errors, cursors. Knows no subject."""
