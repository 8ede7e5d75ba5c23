"""What a trainer needs before a class begins: timetables, what to bring, groups, the first class in steps, duties.

The texts are files (courses/programme/<language>/trainer/), which a county may replace; sums are made from the course's rows.
"""
