"""What answers: models behind endpoints, local ones, pipelines."""
