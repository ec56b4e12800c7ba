"""Every channel of every sample episode, byte for byte: ``python -m tests.golden`` rewrites them."""
