"""Charging stations that call in, as their page and the API show them."""
