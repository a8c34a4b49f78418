"""What is reported of the site: events and alarms, with the names of whom they are about."""
