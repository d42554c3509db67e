"""SERVING: what runs by itself, and is it still running? `serve` starts it, `address` says where it answers."""
