"""The owner of alarms. May read views and the list of alarms; writes through the recorder."""
