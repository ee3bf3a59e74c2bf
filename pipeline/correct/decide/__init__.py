"""Which proposals are made, which are suggested, and which are left."""
