"""What the expressions of HCL mean: values, operators, types, functions."""
