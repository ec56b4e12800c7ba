"""What a serial is made of: pure, frozen values and the arithmetic between them.

Nothing here reads a file, a clock, a socket or a setting.
"""
