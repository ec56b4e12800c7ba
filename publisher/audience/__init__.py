"""Who reads: subscribing, leaving, importing, consent and suppression."""
