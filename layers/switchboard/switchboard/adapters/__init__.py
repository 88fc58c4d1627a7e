"""What stands behind the ports: one module an outside service."""
