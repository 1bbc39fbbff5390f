"""What `make workflows` does not look at."""

from infra.local.folder import ROOT


def test_the_lock_of_what_deploys_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "infra" / "package-lock.json").read_text()


def test_an_image_is_built_once_and_goes_everywhere_by_its_digest() -> None:
    workflows = {path.name: path.read_text() for path in (ROOT / ".github" / "workflows").glob("*.yml")}

    builders = [name for name, text in workflows.items() if "docker push" in text]

    assert builders == ["deploy.yml"]
    assert workflows["deploy.yml"].count("image: ${{ needs.build.outputs.image }}") == 2
    assert workflows["release.yml"].count('--context "image=$IMAGE"') == 2


def test_nothing_but_a_role_opens_aws() -> None:
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        text = path.read_text()
        assert "secrets." not in text, path.name
        assert text.count("role-to-assume") == text.count("configure-aws-credentials@"), path.name
