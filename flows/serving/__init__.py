"""What runs by itself, on which schedule, and does it still run?

Others use: `serve.serve`, `address.running_url`, `settings.environment`.
"""
