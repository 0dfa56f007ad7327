"""The embedded stack: real PostgreSQL, Kafka and Flink as child processes, data in one folder."""
