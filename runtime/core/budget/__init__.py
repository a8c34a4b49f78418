"""Budgets of periods, and leaks: what is configured. Pure rules.

May use what resources are; knows nothing of alarms and of how consumption is kept.
"""
