"""Settings: typed, with defaults, and a wrong one stops the start and names itself."""

from __future__ import annotations

import ast
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

import config

KEY = "k" * 32


def refused(**environ: str) -> config.SettingError:
    with pytest.raises(config.SettingError) as caught:
        config.load(environ)
    return caught.value


def test_an_empty_environment_gives_the_documented_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert config.load({}) == config.Settings(
        database_url=f"sqlite:///{tmp_path}/instance/manyi.sqlite3",
        data_dir=tmp_path / "instance",
        secret_key=None,
        host="127.0.0.1",
        port=8000,
        workers=2,
        language="zh",
        session_hours=12,
        max_upload_mb=16,
        trusted_proxy=0,
    )
    assert list(tmp_path.iterdir()) == []


def test_every_setting_is_read_and_typed(tmp_path: Path) -> None:
    settings = config.load(
        {
            "DATABASE_URL": "sqlite:////srv/a.sqlite3",
            "MANYI_DATA_DIR": str(tmp_path),
            "SECRET_KEY": KEY,
            "MANYI_HOST": "::1",
            "MANYI_PORT": "65535",
            "MANYI_WORKERS": "8",
            "MANYI_LANGUAGE": "en",
            "MANYI_SESSION_HOURS": "1",
            "MANYI_MAX_UPLOAD_MB": "64",
            "MANYI_TRUSTED_PROXY": "1",
            "PATH": "/usr/bin",
        }
    )
    assert settings == config.Settings(
        "sqlite:////srv/a.sqlite3", tmp_path, KEY, "::1", 65535, 8, "en", 1, 64, 1
    )


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_is_reached_through_psycopg(scheme: str) -> None:
    url = config.load(
        {"DATABASE_URL": f"{scheme}://m:p@db:5432/manyi?sslmode=require"}
    ).database_url
    assert url == "postgresql+psycopg://m:p@db:5432/manyi?sslmode=require"


WRONG = {
    "DATABASE_URL": [
        *("", "mysql://h/manyi", "manyi.sqlite3", "sqlite://", "sqlite:///:memory:"),
        *("postgresql://host", "postgresql://host:no/manyi", "postgresql://[::1/manyi"),
    ],
    "MANYI_DATA_DIR": ["", " ", "a\0b", __file__],
    "SECRET_KEY": ["", "short", "k" * 31, " " * 40],
    "MANYI_HOST": ["", "http://localhost", "a b"],
    "MANYI_PORT": ["", "0", "65536", "-1", "80.0", "8_000", "+80", "eighty", "9" * 5000],
    "MANYI_WORKERS": ["0", "65"],
    "MANYI_LANGUAGE": ["", "fr", "ZH"],
    "MANYI_SESSION_HOURS": ["0", "721"],
    "MANYI_MAX_UPLOAD_MB": ["0", "1025"],
    "MANYI_TRUSTED_PROXY": ["-1", "11", "yes"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_wrong_value_is_refused_under_its_name(name: str, value: str) -> None:
    (fault,) = refused(**{name: value}).faults
    assert fault.name == name
    assert fault.zh and fault.en


def test_the_table_of_wrong_values_covers_every_setting() -> None:
    assert set(WRONG) == {setting.name for setting in config.SETTINGS}


def test_the_message_says_name_value_and_remedy_in_both_languages() -> None:
    text = str(refused(MANYI_PORT="abc"))
    assert "设置 MANYI_PORT=“abc” 不对：应为 1 到 65535 的整数。请改正或取消此设置。" in text
    assert "Setting MANYI_PORT=“abc” is wrong: expected a whole number from 1 to 65535." in text


def test_all_wrong_settings_are_named_at_once() -> None:
    error = refused(MANYI_PORT="x", MANYI_WORKERS="0", MANYI_HOTS="127.0.0.1")
    assert [fault.name for fault in error.faults] == ["MANYI_HOTS", "MANYI_PORT", "MANYI_WORKERS"]


def test_a_misspelt_setting_is_named_with_the_one_that_is_meant() -> None:
    (fault,) = refused(MANYI_PROT="8001").faults
    assert "MANYI_PORT" in fault.zh and "MANYI_PORT" in fault.en


def test_variables_that_other_programs_set_are_no_faults() -> None:
    environ = {"MANYI_SERVICE_HOST": "10.0.0.1", "MANYI_PORT_8000_TCP": "tcp://10.0.0.1:8000"}
    assert config.load(environ).port == 8000


def test_no_message_shows_a_secret() -> None:
    text = str(refused(SECRET_KEY="hush-hush", DATABASE_URL="mysql://manyi:hush@h:ush@db/manyi"))
    assert "hush" not in text and "ush@" not in text


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        config.load({}).port = 1  # type: ignore[misc]


def test_every_setting_has_a_field_and_an_explanation_in_both_languages() -> None:
    rows = config.SETTINGS
    assert {row.field for row in rows} == {field.name for field in fields(config.Settings)}
    assert all(row.zh and row.en and "\n" not in row.zh + row.en for row in rows)


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "instance"
    key = config.secret_key(folder)
    assert len(key) >= 32
    assert config.secret_key(folder) == key
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [file.name for file in folder.iterdir()] == ["secret_key"]


def test_two_data_directories_have_different_keys(tmp_path: Path) -> None:
    assert config.secret_key(tmp_path / "a") != config.secret_key(tmp_path / "b")


def test_workers_that_start_together_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(config.secret_key, [tmp_path / "instance"] * 64))
    assert len(keys) == 1


def test_a_key_file_that_was_cut_short_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("short\n")
    with pytest.raises(config.SettingError, match="SECRET_KEY"):
        config.secret_key(tmp_path)
    assert (tmp_path / "secret_key").read_text() == "short\n"


def test_an_unusable_data_directory_is_refused_under_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(config.SettingError, match="MANYI_DATA_DIR"):
        config.secret_key(tmp_path / "file" / "instance")


def test_the_module_needs_the_standard_library_only() -> None:
    tree = ast.parse(Path(config.__file__).read_text(encoding="utf-8"))
    named = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {str(name).partition(".")[0] for name in named} <= sys.stdlib_module_names
