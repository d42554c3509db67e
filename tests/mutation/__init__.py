"""Would the tests notice? The core is broken one place at a time, and what notices is asked."""
