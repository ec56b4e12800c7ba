"""Templates to bytes: one episode, one audience, every channel; the same input, the same bytes."""
