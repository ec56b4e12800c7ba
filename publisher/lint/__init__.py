"""The rules that say what counts as a mistake, and the proof that the gate holds."""
