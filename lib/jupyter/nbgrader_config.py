# nbgrader's settings for this lab. `npm run nbgrader` puts a copy of this file into the course
# folder, where nbgrader reads it and where you may change it.
import os

from nbconvert.preprocessors import TagRemovePreprocessor
from nbgrader.converters import GenerateAssignment

c = get_config()  # noqa: F821, nbgrader gives it

c.CourseDirectory.course_id = "paths-between-minima"

# A TypeScript stub inside the function that is to be written; nbgrader's own would be Python.
c.ClearSolutions.code_stub = {"typescript": "throw new Error('not answered yet');"}
c.ClearSolutions.text_stub = "*Your answer.*"

# Cells that only `npm run lab` needs are not for students.
c.TagRemovePreprocessor.enabled = True
c.TagRemovePreprocessor.remove_cell_tags = {"instructor"}
c.GenerateAssignment.preprocessors = [
    TagRemovePreprocessor,
    *GenerateAssignment.preprocessors.default(),
]

# Outputs of plots are long lines; nbgrader would cut them off.
c.LimitOutput.max_lines = 10000
c.LimitOutput.max_traceback = 100

# The size at which submissions are carried out, and where each student's files go: a folder beside
# the notebooks, so that no student is graded on another's weights.
os.environ.setdefault("LAB_SIZE", "small")
os.environ["LAB_OUT"] = "lab-files"

# Seconds for one cell. At the small size the longest takes a quarter of a minute, at the full one
# (Part 3.1) a quarter of an hour on two cores.
c.Execute.timeout = 600 if os.environ["LAB_SIZE"] == "small" else 7200
