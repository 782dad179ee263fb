"""Run tasks on Apache Spark: Spark distributes and groups rows; what is done with them is decided elsewhere."""
