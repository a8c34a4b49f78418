"""What the Modbus TCP server shows: energies by Remote ID (unit 247), all live values (unit 246).

Deterministic: trees, ledgers and views in, registers out.
"""
