"""The rules of one control step: steps of reduction, waiting list, silent meters, and the finer division of current.

They read a control step and command through it; nothing is remembered here.
"""
