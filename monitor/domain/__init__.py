"""What Vigie thinks: pure rules on plain values. Standard library only, no clock, no I/O."""
