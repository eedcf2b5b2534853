"""Asterisk over AMI and AGI: what happens on the switch, and making things happen there."""
