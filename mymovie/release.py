from pathlib import Path


def newest_change(base: Path) -> str:
    """Name the code that is running, for the ETags of pages: the newest change below `base`, in hex seconds.

    Deployments give RELEASE instead; this keeps a page from outliving an edit on a developer's machine.
    """
    changed = (
        path.stat().st_mtime
        for room in ("mymovie", "movies", "accounts", "templates")
        for path in (base / room).rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js", ".po"}
    )
    return f"{int(max(changed)):x}"
