"""The plant: energy, power and harmonics as pure functions of time.

Seeded and in closed form.
"""
