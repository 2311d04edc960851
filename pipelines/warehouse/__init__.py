"""The warehouse: SQL files built into DuckDB tables in order, and the marts published from it."""
