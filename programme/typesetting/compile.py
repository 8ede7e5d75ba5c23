"""Read an order of programme.typesetting from the standard input and write the finished file to the standard output."""

import json
import sys

import typst

order = json.load(sys.stdin)
facts = {
    "font_paths": [order["fonts"]],
    "ignore_system_fonts": True,
    "sys_inputs": {"content": json.dumps(order["content"])},
    "format": "pdf",
    "pdf_standards": ["a-2b"],
    "pdf_tags": order["is_tagged"],
}
sys.stdout.buffer.write(typst.compile(order["template"], **facts))
