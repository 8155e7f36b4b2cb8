"""How a survey is analysed: the study file, checked, and its design."""
