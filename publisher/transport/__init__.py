"""Ways to hand a message on: an SMTP relay, or an outbox of files."""
