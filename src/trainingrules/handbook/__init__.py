"""The handbook: a policy as one page that a director can read."""

from trainingrules.handbook.page import MARK, handbook

__all__ = ["MARK", "handbook"]
