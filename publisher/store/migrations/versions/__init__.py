"""The steps themselves, numbered from 0001."""
