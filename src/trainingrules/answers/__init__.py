"""The answers: eligibility, cost, deadlines, compliance, and what the source tells."""
