"""Files of SPSS, Stata and Parquet."""
