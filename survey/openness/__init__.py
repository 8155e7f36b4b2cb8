"""How open a model is, by the Model Openness Framework."""
