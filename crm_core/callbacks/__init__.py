"""Callbacks (回拨): what was promised to whom and when. Placing the call is cti's."""
