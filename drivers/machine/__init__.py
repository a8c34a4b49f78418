"""The services of the machine itself: each file talks to one program of the operating system."""
