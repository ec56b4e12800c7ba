"""Files as they come and go: bounded reading, NFC text, places of keys, atomic writing."""
