"""What every API view does alike."""
