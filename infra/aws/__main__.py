"""Write the CloudFormation of everything into cdk.out: `cdk` calls this (cdk.json).

Context: `size`, to look at every environment in another size; `image`, the digest of the image to run.
"""

from infra.aws.app import build

build().synth()
