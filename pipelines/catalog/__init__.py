"""What the statistics mean: YAML and the typed models that check it. No received data is here."""
