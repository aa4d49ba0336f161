"""The root modules' own tests, infra/*/tests/*.tftest.hcl, pass."""

from tests.terraform.plan import Outcome


def test_infra_terraform(main: Outcome) -> None:
    assert not main.problems, "\n".join(main.problems)
    assert main.passed >= len(main.plans) > 10


def test_infra_terraforms_archives(archive: Outcome) -> None:
    assert not archive.problems, "\n".join(archive.problems)
    assert archive.passed == 1


def test_infra_bootstrap(bootstrap: Outcome) -> None:
    assert not bootstrap.problems, "\n".join(bootstrap.problems)
    assert bootstrap.passed >= len(bootstrap.plans) > 0
