"""How the tables came to be, step by step: ``versions/NNNN_words.py``, never changed afterwards."""
