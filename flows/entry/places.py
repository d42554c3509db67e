"""Where does the checkout keep what the flows read?"""

from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
PLANS = CHECKOUT / "plans"
VERIFIER = CHECKOUT / "releases" / "verify.py"
