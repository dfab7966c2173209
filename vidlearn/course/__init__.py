"""The course: lessons, exercises and their checks, JupyterLab, and replaying what is stored."""
