"""What to show: figures, workbook and report."""
