"""Settings to live objects; the only reader of the clock, the environment and randomness."""
