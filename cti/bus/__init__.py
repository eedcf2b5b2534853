"""Commands in, facts and deltas out, between core and api."""
