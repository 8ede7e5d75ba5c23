"""No file that the site gives out tells anybody a phone number that they may not see (the files are unpacked and searched).

Which routes give out files is found by asking: the suite asks everybody at the routes declared here, `make prove` all routes,
and fails where one that is not declared gives out a file.
"""

from __future__ import annotations

