"""SunSpec meters and inverters: tables counted from the model's first register, and what finds that register."""
