"""Engines that group and join the rows of detection."""
