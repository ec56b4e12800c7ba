"""Files to episodes: what an editor dropped into the folder, or the problems that prevent it."""
