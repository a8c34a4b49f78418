"""What every page has: shell, navigation, languages, templates.

Touches Jinja2 and webui.http.
"""
