"""What the pages tell people to type is typed here, in a fresh copy of the sample publication."""
