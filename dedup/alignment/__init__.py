"""Who rewrote whom: sentences and facts, links between them, passages, stories."""
