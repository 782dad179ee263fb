"""Decode compressed data piece by piece."""
