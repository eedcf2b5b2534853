"""The agents' console: server and web page."""
