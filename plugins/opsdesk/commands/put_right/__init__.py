"""Lines as they were meant to be typed: shortened words in full, numbers as digits, slips put right or asked about."""
