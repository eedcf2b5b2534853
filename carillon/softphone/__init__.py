"""SIP and RTP of our own tools: a caller on the trunk side, a called party, and the software agent. Not used on a call's path."""
