"""Run tasks on Apache Spark: Spark distributes and groups rows; the caller passes what is done with them."""
