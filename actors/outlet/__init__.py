"""Outlets: one actor each, which delivers messages and listens to who enlists. May use what drivers offer."""
