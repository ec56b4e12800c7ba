"""The front door: public endpoints for readers."""
