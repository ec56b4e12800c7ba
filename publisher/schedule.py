"""The alarm clock: wakes the delivery and knows nothing of Fridays."""
