"""The scores of code cells in a gradebook, as JSON: student, cell, score and the most there is."""
import json
import sys

from nbgrader.api import Gradebook

scores = {}
with Gradebook(f"sqlite:///{sys.argv[1]}") as gradebook:
    for student in gradebook.students:
        scores[student.id] = {
            grade.cell.name: {"score": grade.auto_score, "most": grade.max_score}
            for submission in student.submissions
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.cell.cell_type == "code"
        }
print(json.dumps(scores))
