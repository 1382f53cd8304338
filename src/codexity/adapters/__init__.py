"""The world behind the ports, one folder a port."""
