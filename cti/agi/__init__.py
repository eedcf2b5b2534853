"""The FastAGI server; one session is one IVR channel."""
