"""What others know of AWS, asked about our templates: CDK's own rules, cdk-nag, cfn-lint and checkov.

Every finding has a reason in reasons.toml, or is a fault; a reason without a finding is one too.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from infra.aws.values import HERE, Values

REASONS = HERE / "reasons.toml"
PROGRAMS = Path(sys.executable).parent
CHECKOV = PROGRAMS.parent / "checkov" / "bin" / "checkov"  # apart, as it wants older packages than ours


class Finding(NamedTuple):
    rule: str
    where: str

    def __str__(self) -> str:
        return f"{self.rule}\n    {self.where}"


@dataclass
class Reason:
    """Why findings of a rule at a place are as they should be. Both are regular expressions, of the whole."""

    rule: str
    where: str
    why: str
    used: bool = field(default=False, init=False)

    def holds_for(self, finding: Finding) -> bool:
        return bool(re.fullmatch(self.rule, finding.rule) and re.fullmatch(self.where, finding.where))


def reasons() -> list[Reason]:
    return [Reason(**reason) for reason in tomllib.loads(REASONS.read_text())["reasons"]]


def without_reason(findings: list[Finding], known: list[Reason]) -> list[Finding]:
    """Marks the reasons that are used."""
    left = []
    for finding in findings:
        holding = [reason for reason in known if reason.holds_for(finding)]
        for reason in holding:
            reason.used = True
        if not holding:
            left.append(finding)
    return left


def synthesise(size: str, out: Path) -> list[Finding]:
    """Write the templates, and say what cdk-nag and CDK's own rules find."""
    command: list[str | Path] = [sys.executable, "-m", "infra.aws", out, *([size] if size else [])]
    told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if told.returncode and "ValidationFailed" not in told.stderr:
        sys.exit(told.stderr)
    report = json.loads((out / "validation-report.json").read_text())
    return [
        Finding(violation["ruleName"], construct["constructPath"])
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    ]


def lint(out: Path, region: str) -> list[Finding]:
    """cfn-lint; warnings are about style that is CDK's."""
    templates = [str(path) for path in sorted(out.glob("*.template.json"))]
    command: list[str | Path] = [PROGRAMS / "cfn-lint", "--regions", region, "--ignore-checks", "W", "--format", "json"]
    told = subprocess.run([*command, "--template", *templates], capture_output=True, text=True, check=False)  # noqa: S603
    return [
        Finding(f"cfn-lint {found['Rule']['Id']}", f"{found['Filename']} {found['Message']}")
        for found in json.loads(told.stdout)
    ]


def checkov(out: Path) -> list[Finding]:
    command: list[str | Path] = [
        CHECKOV,
        "--directory",
        out,
        "--framework",
        "cloudformation",
        "--skip-download",
        "--quiet",
        "--compact",
    ]
    told = subprocess.run([*command, "--output", "json"], capture_output=True, text=True, check=False)  # noqa: S603
    report: dict[str, Any] = json.loads(told.stdout)
    return [
        Finding(
            failed["check_id"],
            f"{Path(failed['file_path']).name.partition('.')[0]} {failed['resource']} ({failed['check_name']})",
        )
        for failed in report["results"]["failed_checks"]
    ]


def main() -> int:
    known, left = reasons(), []
    for size in ("", "large"):
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder)
            findings = synthesise(size, out)
            findings += lint(out, Values.read().region)
            if not size:
                findings += checkov(out)
        faults = without_reason(findings, known)
        left += faults
        print(
            f"  {size or 'as told':8} {len(findings):3} findings, {len(findings) - len(faults):3} with a reason, "
            f"{time.monotonic() - begun:.0f} s",
            flush=True,
        )
    for finding in dict.fromkeys(left):
        print(f"Without a reason: {finding}")
    unused = [reason for reason in known if not reason.used]
    for reason in unused:
        print(f"A reason for nothing: {reason.rule} {reason.where}")
    return 1 if left or unused else 0


if __name__ == "__main__":
    sys.exit(main())
