"""How results are shown: short descriptions, tables of notebooks, data frames."""
