"""Commands in, snapshot, deltas and page messages out, between core and api: local socket or Redis streams."""
