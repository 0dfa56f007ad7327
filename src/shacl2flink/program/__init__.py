"""The program: what the Flink job evaluates, made of shapes and knowledge."""
