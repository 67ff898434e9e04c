"""Oliver finds every secret planted in a folder, none in its clean twin, and tells no secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.agents.tools import permissions, secrets
from scheduler.agents.tools.folders import Folder
from scheduler.agents.tools.inspection import Inspection
from scheduler.agents.tools.secret_lines import Kind, Sight
from storage.reports import Severity
from tests.scheduler.agents.briefs import TUESDAY

LIMIT_S = 60.0
HEX = "9f86d081884c7d659a2feaa0c55ad015"
"""Made-up values; they are put together here, so that no scanner takes this file for a leak."""
AWS = "AKIA" + "QWERTYUIOP234567"
AWS_SECRET = "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYzzzzzzzzzz"
XOXB = "xoxb-" + "123456789012-123456789012-abcdefghijklmnopqrstuvwx"
XAPP = "xapp-" + f"1-A012345-1234567890-{HEX}"
GITHUB = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
OPENAI = "sk-proj-" + "a1B2c3D4e5F6g7H8i9J0k1L2"
BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"
PEM = f"-----BEGIN {'PRIVATE'} KEY-----\n{BODY}\n-----END {'PRIVATE'} KEY-----\n"
PASSWORDS = ("hunter2x", "correct-horse-7", "Pa$$w0rd!", "tiger9", "s3cr3tpw", "abcdefgh12345678")

PLANTED = {
    "untracked/.env": f"AWS_ACCESS_KEY_ID={AWS}\nDB_PASSWORD={PASSWORDS[0]}\n",
    "app/config.py": f'aws = boto3.client("s3", key="{AWS}")\npassword = "{PASSWORDS[1]}"\n',
    "app/settings.json": f'{{"password": "{PASSWORDS[2]}"}}\n',
    "app/slack.txt": f"the bot is {XOXB}\nand its socket {XAPP}\n",
    "app/style.css": f"/* {GITHUB} */\n",
    "deploy/values.yaml": f"db:\n  password: {PASSWORDS[4]}\n  token: {PASSWORDS[5]}\n",
    "deploy/run.sh": f"export DATABASE=postgres://bob:{PASSWORDS[3]}@db/shop\n",
    "deploy/aws.ini": f"[default]\naws_secret_access_key = {AWS_SECRET}\n",
    "deploy/tls.pem": PEM,
    ".git/config": f"[remote]\n url = https://bob:{GITHUB}@github.com/x/y\n",
    "notes.md": f"Use `{OPENAI}` for now.\n",
}
FOUND = {
    ("untracked/.env", "AWS access key"),
    ("untracked/.env", "Password or key"),
    ("app/config.py", "AWS access key"),
    ("app/config.py", "Password or key"),
    ("app/settings.json", "Password or key"),
    ("app/slack.txt", "Slack token"),
    ("app/slack.txt", "Slack app token"),
    ("app/style.css", "GitHub token"),
    ("deploy/values.yaml", "Password or key"),
    ("deploy/run.sh", "Password in an address"),
    ("deploy/aws.ini", "AWS access key"),
    ("deploy/tls.pem", "Private key"),
    (".git/config", "GitHub token"),
    ("notes.md", "OpenAI key"),
}
CLEAN = {
    ".env": "AWS_ACCESS_KEY_ID=\nDB_PASSWORD=${DB_PASSWORD}\nPASSWORD_FILE=/run/secrets/db\n",
    "config.py": 'password = os.environ["DB_PASSWORD"]\nTOKEN = read_secret("token")\n'
    'secret_name = "shop/db"\napi_key: str | None = None\n',
    "settings.json": '{"password": "<your password>", "secretName": "shop-tls", "token": null}\n',
    "values.yaml": "db:\n  passwordSecretRef: shop-db\n  password: '{{ .Values.password }}'\n",
    "run.sh": "export PASSWORD=$(cat /run/secrets/db)\ncurl https://user:password@example.com\n",
    "poetry.lock": f'[[package]]\nfiles = ["sha256:{HEX}{HEX}"]\n',
    "tls.crt": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "ids.json": '{"user_id": "3fa85f64-5717-4562-b3fc-2c963f66afa6"}\n',
    "README.md": "Set `DB_PASSWORD` to the password of the database. Password: see the vault.\n",
    "login.html": '<label>Password: <input type="password" name="password"></label>\n',
    "allowed.py": 'password = "not-a-secret-1"  # pragma: allowlist secret\n',
}


def plant(folder: Path, files: dict[str, str]) -> Path:
    """Write the files, closed to others."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
    return folder


def search(*folders: Path, limit_s: float = LIMIT_S) -> Inspection:
    """Search folders for secrets."""
    return secrets.look([Folder(path=str(it)) for it in folders], TUESDAY, limit_s)


def severities(inspection: Inspection) -> set[Severity]:
    """Give how bad the findings are."""
    return {finding.severity for finding in inspection.findings}


def test_every_planted_secret_is_found(tmp_path: Path) -> None:
    """Tracked or not, whatever the file is called, by type and file."""
    inspection = search(plant(tmp_path, PLANTED))

    found = {
        (str(Path(it.resource).relative_to(tmp_path)), it.text.partition(" in /")[0])
        for it in inspection.findings
    }
    assert found >= FOUND
    assert {it for it in found - FOUND if it[1] != "Password or key"} == set()
    assert severities(inspection) == {Severity.CRITICAL, Severity.WARNING}


def test_the_line_is_told_and_the_secret_is_not(tmp_path: Path) -> None:
    """Nothing that leaves the search holds a planted value, or a large part of one."""
    inspection = search(plant(tmp_path, PLANTED))

    told = repr(inspection)
    for secret in (AWS, AWS_SECRET, XOXB, XAPP, GITHUB, OPENAI, BODY, *PASSWORDS):
        assert secret not in told
        assert secret[:12] not in told
    assert any("app/slack.txt, line 2." in it.text for it in inspection.findings)
    assert "canary" not in repr(Sight(kind=Kind.KNOWN, title="x", line=1, secret="canary"))


def test_nothing_is_found_in_the_clean_twin(tmp_path: Path) -> None:
    """References, placeholders, paths, checksums, ids and prose are no secrets."""
    inspection = search(plant(tmp_path, CLEAN))

    assert [it.text for it in inspection.findings] == ["No secret was found in 11 files."]
    assert severities(inspection) == {Severity.OK}


def test_keys_outlive_a_moved_line(tmp_path: Path) -> None:
    """The next run knows a secret again, further down too; a new value is a new secret."""
    file = plant(tmp_path, {"a.py": f'password = "{PASSWORDS[1]}"\n'}) / "a.py"
    [first] = search(tmp_path).findings
    file.write_text(f'import os\n\npassword = "{PASSWORDS[1]}"\n')
    [moved] = search(tmp_path).findings
    file.write_text(f'password = "{PASSWORDS[1]}9"\n')
    [other] = search(tmp_path).findings

    assert first.key == moved.key != other.key
    assert (first.value, first.severity) == (moved.value, moved.severity)


def test_two_keys_of_a_file_are_two(tmp_path: Path) -> None:
    """Private keys begin alike, and are still told apart."""
    inspection = search(plant(tmp_path, {"keys.pem": PEM + PEM.replace("MIIE", "MIIF")}))

    assert [it.text.partition(", ")[2] for it in inspection.findings] == ["line 1.", "line 4."]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_other_encodings_are_searched(tmp_path: Path, encoding: str) -> None:
    """A file that is not UTF-8 is not passed by in silence."""
    text = f"# Schlüssel\npassword: {PASSWORDS[0]}\n"
    (tmp_path / "a.yaml").write_bytes(text.encode(encoding))

    assert severities(search(tmp_path)) == {Severity.WARNING}


def test_what_is_not_searched_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file too big is unknown, a binary one named; links lead nowhere; all else is searched."""
    monkeypatch.setattr(secrets, "MOST_BYTES", 1000)
    outside = plant(tmp_path / "outside", PLANTED)
    folder = plant(tmp_path / "inside", {"big.txt": "x\n" * 600, "node_modules/a.js": "x = 1\n"})
    (folder / "image.png").write_bytes(b"\x89PNG\0\0")
    (folder / "link").symlink_to(outside)

    inspection = search(folder)

    assert severities(inspection) == {Severity.UNKNOWN, Severity.OK}
    assert f"too big to search, for secrets: {folder}/big.txt" in inspection.findings[1].text
    assert any("image.png" in text for text in inspection.unknowns)
    assert any("node_modules" in text for text in inspection.unknowns)


def test_a_binary_file_is_searched_for_known_forms(tmp_path: Path) -> None:
    """A token that ended up in a database file is seen, and not told."""
    (tmp_path / "chatcron.db").write_bytes(b"SQLite format 3\0\x07" + XOXB.encode() + b"\0\xff")

    inspection = search(tmp_path)

    assert "Slack token in" in inspection.findings[0].text
    assert "a binary file." in inspection.findings[0].text
    assert XOXB not in repr(inspection)


def test_a_search_out_of_time_is_not_green(tmp_path: Path) -> None:
    """What was not reached is unknown, and nothing is called clean."""
    inspection = search(plant(tmp_path, CLEAN), limit_s=0)

    assert severities(inspection) == {Severity.UNKNOWN}
    assert "the time was up" in inspection.findings[0].text


def test_a_folder_that_is_not_there_is_unknown(tmp_path: Path) -> None:
    """A slip of the pen in the settings does not look like a clean folder."""
    for inspection in (
        search(tmp_path / "none"),
        permissions.look([Folder(path=str(tmp_path / "none"))], TUESDAY, LIMIT_S),
    ):
        assert severities(inspection) == {Severity.UNKNOWN}
        assert "no such folder" in inspection.findings[0].text


def test_a_flood_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list has an end, and says how many are beyond it."""
    monkeypatch.setattr(secrets, "MOST_FINDINGS", 3)
    monkeypatch.setattr(permissions, "MOST_OF_A_KIND", 3)
    plant(tmp_path, {f"{n}.py": f'password = "{PASSWORDS[0]}{n}"\n' for n in range(5)})
    for file in tmp_path.iterdir():
        file.chmod(0o666)

    found = search(tmp_path).findings
    opened = permissions.look([Folder(path=str(tmp_path))], TUESDAY, LIMIT_S).findings

    assert (len(found), found[-1].value) == (4, 2)
    assert (len(opened), opened[-1].value) == (3, 3)


def test_a_very_long_line_is_searched_to_its_end(tmp_path: Path) -> None:
    """A minified file hides nothing."""
    inspection = search(plant(tmp_path, {"a.js": f"{'a=1;' * 5000}k='{GITHUB}';{'b=2;' * 500}"}))

    assert [it.text.partition(" in ")[0] for it in inspection.findings] == ["GitHub token"]


def test_a_name_that_is_no_text_can_be_told(tmp_path: Path) -> None:
    """A file name of broken bytes does not break the report."""
    path = str(tmp_path).encode() + b"/\xff\n.py"
    with open(path, "wb") as file:  # noqa: PTH123  a name that is bytes
        file.write(f'password = "{PASSWORDS[0]}"\n'.encode())

    [finding] = search(tmp_path).findings
    assert "??.py, line 1." in finding.text
    assert finding.text.encode() and finding.key.encode()
