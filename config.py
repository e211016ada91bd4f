"""Every setting of Manyi, typed and read once; a missing or wrong one stops the start."""

from __future__ import annotations

import difflib
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SHORTEST_SECRET = 32
POSTGRES_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")


@dataclass(frozen=True)
class Settings:
    """What the running product was told.

    `secret_key` is None when the environment names none: then `secret_key(data_dir)` gives it.
    """

    database_url: str
    data_dir: Path
    secret_key: str | None
    host: str
    port: int
    workers: int
    language: str
    session_hours: int
    max_upload_mb: int
    trusted_proxy: int


@dataclass(frozen=True)
class Fault:
    """One wrong setting: its name, the value as it may be shown, and the remedy in zh and en."""

    name: str
    shown: str
    zh: str
    en: str

    def __str__(self) -> str:
        return (
            f"设置 {self.name}={self.shown} 不对：{self.zh}\n"
            f"Setting {self.name}={self.shown} is wrong: {self.en}"
        )


class SettingError(ValueError):
    """The start is refused; `faults` names every wrong setting at once."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def load(environ: Mapping[str, str]) -> Settings:
    """The settings in `environ`; touches no file. Raises SettingError with every fault."""
    faults = list(_misspelt(environ))
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        try:
            values[setting.field] = setting.read(environ.get(setting.name, setting.default))
        except _WrongError as wrong:
            faults.append(Fault(setting.name, _shown(setting, environ), wrong.zh, wrong.en))
    if faults:
        raise SettingError(*faults)
    values["database_url"] = values["database_url"] or _sqlite_in(values["data_dir"])
    return Settings(**values)


def secret_key(data_dir: Path) -> str:
    """The key kept in `<data_dir>/secret_key`, made with mode 0600 at the first start.

    Workers that start at the same moment get the same key. Raises SettingError when the file
    holds less than a key or cannot be read or written.
    """
    path = data_dir / "secret_key"
    try:
        if not path.exists():
            _publish(path, secrets.token_urlsafe(48))
        key = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingError(_unusable_data_dir(data_dir, error)) from error
    if len(key) < SHORTEST_SECRET:
        raise SettingError(_short_key_file(path))
    return key


def _publish(path: Path, key: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A hard link appears complete or not at all, and never replaces another worker's key.
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret_key-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(key + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()


def _unusable_data_dir(data_dir: Path, error: OSError) -> Fault:
    reason = error.strerror or str(error)
    return Fault(
        "MANYI_DATA_DIR",
        f"“{data_dir}”",
        f"这个目录不能使用（{reason}）。请换一个可写的目录，或修改其权限。",
        f"this directory cannot be used ({reason}). Name one that you can write to.",
    )


def _short_key_file(path: Path) -> Fault:
    return Fault(
        "SECRET_KEY",
        f"“{path}”",
        f"该文件里的密钥不足 {SHORTEST_SECRET} 个字符。请删除该文件后重新启动（用户需重新登录）。",
        f"the key in this file is shorter than {SHORTEST_SECRET} characters."
        " Delete the file and start again (everybody signs in anew).",
    )


class _WrongError(Exception):
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def _expected(zh: str, en: str) -> _WrongError:
    return _WrongError(
        f"应为{zh}。请改正或取消此设置。", f"expected {en}. Correct the setting or unset it."
    )


def _sqlite_in(data_dir: Path) -> str:
    return f"sqlite:///{data_dir}/manyi.sqlite3"


def _misspelt(environ: Mapping[str, str]) -> list[Fault]:
    known = [setting.name for setting in SETTINGS]
    strangers = [name for name in environ if name.startswith("MANYI_") and name not in known]
    meant = {name: difflib.get_close_matches(name, known, 1, 0.85) for name in strangers}
    return [
        Fault(
            name,
            f"“{environ[name]}”",
            f"没有这个设置，应该是 {near[0]}。",
            f"there is no such setting; {near[0]} is probably meant.",
        )
        for name, near in meant.items()
        if near
    ]


def _shown(setting: Setting, environ: Mapping[str, str]) -> str:
    text = environ.get(setting.name, "")
    if setting.name == "SECRET_KEY":
        return f"（{len(text)} characters）"
    return f"“{re.sub(r'//.*@', '//…@', text)}”"


def _whole(low: int, high: int) -> Callable[[str | None], int]:
    def read(text: str | None) -> int:
        digits = (text or "").strip()
        # int() alone would also take “8_000” and “+8”.
        if re.fullmatch(r"[0-9]{1,9}", digits) and low <= int(digits) <= high:
            return int(digits)
        raise _expected(f" {low} 到 {high} 的整数", f"a whole number from {low} to {high}")

    return read


def _database(text: str | None) -> str | None:
    if text is None:
        return None
    scheme, _, rest = text.partition("://")
    if scheme in POSTGRES_SCHEMES and _names_a_database(text):
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.startswith("/") and rest not in ("/", "/:memory:"):
        return text
    raise _expected(
        " sqlite:///文件路径 或 postgresql://用户:密码@主机/数据库名",
        "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE",
    )


def _names_a_database(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return len(parts.path) > 1


def _directory(text: str | None) -> Path:
    if not text or not text.strip() or "\0" in text:
        raise _expected("目录路径", "the path of a directory")
    path = Path(text).resolve()
    if path.exists() and not path.is_dir():
        raise _expected("目录，而不是文件", "a directory, not a file")
    return path


def _secret(text: str | None) -> str | None:
    if text is None or len(text.strip()) >= SHORTEST_SECRET:
        return text
    raise _expected(
        f"至少 {SHORTEST_SECRET} 个字符的随机密钥",
        f"a random key of at least {SHORTEST_SECRET} characters",
    )


def _host(text: str | None) -> str:
    if text and re.fullmatch(r"[A-Za-z0-9.:-]+", text):
        return text
    raise _expected("主机名或 IP 地址，如 127.0.0.1", "a host name or an IP address like 127.0.0.1")


def _language(text: str | None) -> str:
    if text in ("zh", "en"):
        return text
    raise _expected(" zh（中文）或 en（英文）", "zh (Chinese) or en (English)")


@dataclass(frozen=True)
class Setting:
    """One row of the table of settings; `read` turns the text, or None if unset, into a value."""

    name: str
    default: str | None
    read: Callable[[str | None], Any]
    zh: str
    en: str

    @property
    def field(self) -> str:
        return self.name.removeprefix("MANYI_").lower()


SETTINGS = (
    Setting(
        "DATABASE_URL",
        None,
        _database,
        "数据库；不设置则为数据目录中的 manyi.sqlite3，也可用 postgresql://…",
        "database; unset: manyi.sqlite3 in the data directory; postgresql://… works too",
    ),
    Setting(
        "MANYI_DATA_DIR",
        "./instance",
        _directory,
        "数据目录，存放数据库和密钥",
        "directory for the database and the key",
    ),
    Setting(
        "SECRET_KEY",
        None,
        _secret,
        f"签名密钥，至少 {SHORTEST_SECRET} 个字符；不设置则在数据目录中生成",
        f"signing key, at least {SHORTEST_SECRET} characters; unset: made in the data directory",
    ),
    Setting("MANYI_HOST", "127.0.0.1", _host, "监听地址", "address to listen on"),
    Setting("MANYI_PORT", "8000", _whole(1, 65535), "监听端口", "port to listen on"),
    Setting("MANYI_WORKERS", "2", _whole(1, 64), "工作进程数", "worker processes"),
    Setting("MANYI_LANGUAGE", "zh", _language, "默认语言：zh 或 en", "default language: zh or en"),
    Setting("MANYI_SESSION_HOURS", "12", _whole(1, 720), "登录有效小时数", "hours a sign-in lasts"),
    Setting("MANYI_MAX_UPLOAD_MB", "16", _whole(1, 1024), "上传上限（MB）", "largest upload in MB"),
    Setting(
        "MANYI_TRUSTED_PROXY",
        "0",
        _whole(0, 10),
        "前面可信的反向代理层数；0 表示没有",
        "number of trusted reverse proxies in front; 0 for none",
    ),
)
