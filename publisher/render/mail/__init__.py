"""The letter: its HTML and text, styles in every element, and the octets that leave."""
