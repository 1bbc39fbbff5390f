"""What the Makefile calls: `python -m infra.local run | dev | manage … | chromium | proxies | reset`."""

import sys

from infra.local import chromium, proxies, reset, site
from infra.local.trouble import in_one_line


def main(command: str, *arguments: str) -> int:
    match command:
        case "run":
            site.run(reload=False)
        case "dev":
            site.run(reload=True)
        case "manage":
            return site.manage(arguments)
        case "chromium":
            chromium.ensure()
        case "proxies":
            proxies.ensure()
        case "reset":
            reset.reset()
        case _:
            sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    with in_one_line():
        sys.exit(main(*sys.argv[1:]))
