"""HCL, the language of Terraform: its files as blocks and expressions that keep their place."""
