"""The families of devices that come with Wattkeeper, registered like those of anybody else."""
