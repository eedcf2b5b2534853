"""Asks Asterisk over its manager port whether it is fully booted. A few blocking lines: nothing else runs in this process."""

from __future__ import annotations

import socket

from carillon.switch.secrets import AMI_READ_USER


def is_fully_booted(port: int, secret: str) -> bool:
    """Log in as the listening account; FullyBooted comes at once when booting is over, else later than we wait."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5) as line:
            line.sendall(f"Action: Login\r\nUsername: {AMI_READ_USER}\r\nSecret: {secret}\r\nEvents: on\r\n\r\n".encode())
            heard = b""
            while b"Event: FullyBooted" not in heard:
                said = line.recv(4096)
                if not said or b"Authentication failed" in heard:
                    return False
                heard += said
            line.sendall(b"Action: Logoff\r\n\r\n")
            return True
    except OSError:
        return False
