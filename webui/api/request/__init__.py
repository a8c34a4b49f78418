"""What routes share: bodies, parameters, answers.

Touches webui.http only.
"""
