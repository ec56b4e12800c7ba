"""Where episodes become editions: scan, check, render, prove the gate, lay out the site."""
