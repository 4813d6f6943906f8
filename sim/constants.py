"""Names and bounds that several modules share; imports nothing, so that commands start at once."""

FLAGSHIP = "draft-treaty-2021"
"""The scenario that is played when none is named."""

MOST = 10**9
"""Worlds of one run; more is a typing error."""

LARGEST = 1000.0
"""No weight, stake, resolve or count is larger: a typing error, and single precision would suffer."""
