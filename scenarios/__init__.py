"""Scenarios: one question per file; rosters; the facts and the calibration behind them."""
