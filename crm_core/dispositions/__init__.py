"""How a conversation ended (dispositions) and why an agent pauses (AUX reasons): codes with names people may change."""
