"""Pages that came through a scanner: what the recogniser may have misread, and how to read it anew."""
