"""Write the CloudFormation of everything: `cdk` calls this (cdk.json). Context: `size`, to see every environment in another
size; `image`, the digest of the image to run.

`python -m infra.aws OUT [SIZE]` writes it into a folder of one's choice, with what cdk-nag finds beside it.
"""

import sys

from aws_cdk import Validations
from cdk_nag import AwsSolutionsChecks

from infra.aws.app import build

if len(sys.argv) == 1:
    build().synth()
else:
    out, *sizes = sys.argv[1:]
    app = build(*sizes, out=out)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    app.synth()
