"""Cells of files handed out that a spreadsheet could take for a formula, made harmless."""

from cityforge.brain.intake.formulas import in_csv as in_csv
from cityforge.brain.intake.formulas import in_workbook as in_workbook

__all__ = ["in_csv", "in_workbook"]
