"""The Modbus server and the servers that are read, as pages and the API show them."""
