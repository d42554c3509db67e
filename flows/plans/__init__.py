"""How does the plan change? By a proposal, which says what it would turn, and somebody else's decision."""
