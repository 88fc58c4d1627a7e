"""A WordPress site of our own, on loopback: Debian's packages, PHP's built-in server, a MariaDB for this one run.

`make network` unpacks what is needed into `.local/network/`; everything that was started ends with the tests. Due posts
go out when `/wp-cron.php` is asked for, which `publish_due` does: nothing happens behind a test's back.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Generator
    from datetime import datetime

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".local/network"
PACKAGE = HOME / "wordpress-deb/usr/share/wordpress"
STARTS_WITHIN = 60
"""Seconds."""
PRETTY = "/%postname%/"
_PHP = "php"
_GIF = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
_WITH_US = ("setpriv", "--pdeathsig=TERM", "--")
_CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_ENVIRONMENT_TYPE', 'local'); define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true); define('WP_HTTP_BLOCK_EXTERNAL', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {{ define('ABSPATH', __DIR__ . '/'); }}
require_once ABSPATH . 'wp-settings.php';
"""
_INSTALL = """<?php
define('WP_INSTALLING', true); $_SERVER['HTTP_HOST'] = '{host}';
require '{folder}/wp-load.php'; require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Mercy', 'press', 'press@example.org', true, '', 'only-for-tests', '');
update_option('siteurl', 'http://{host}'); update_option('home', 'http://{host}');
update_option('timezone_string', 'America/New_York'); update_option('permalink_structure', '{permalinks}');
flush_rewrite_rules();
$made = WP_Application_Passwords::create_new_application_password(1, array('name' => 'switchboard'));
echo json_encode(array('password' => $made[0]));
"""
_OFF = """<?php
add_filter('rest_endpoints', fn($all) => array_filter($all, fn($route) => !str_starts_with($route, '/wp/v2/posts'),
    ARRAY_FILTER_USE_KEY));
"""
_ROUTER = """<?php
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path !== '/' && is_file(__DIR__ . $path)) { return false; }
$_SERVER['SCRIPT_NAME'] = '/index.php';
require __DIR__ . '/index.php';
"""


def missing() -> str:
    """Return what is not installed, or ""."""
    wanted = {
        "WordPress": PACKAGE / "wp-load.php",
        "PHP": Path(shutil.which("php") or HOME / "-"),
        "MariaDB": Path(shutil.which("mariadbd") or HOME / "-"),
    }
    return ", ".join(what for what, path in wanted.items() if not path.exists())


class Site:
    """The site while it runs: *url* is its address, *username* and *password* those of its one person."""

    username = "press"

    def __init__(self, url: str, password: str, folder: Path) -> None:
        self.url = url
        self.password = password
        self._folder = folder
        self._client = httpx.Client(base_url=url, auth=(self.username, password), timeout=30)

    def write(self, title: str, content: str, *, at: datetime, status: str = "future", **more: Any) -> str:
        """Write a post as a person would, and return its id."""
        body = {"title": title, "content": content, "status": status, "date_gmt": f"{at:%Y-%m-%dT%H:%M:%S}", **more}
        return str(self._ask("POST", "/wp-json/wp/v2/posts", body)["id"])

    def change(self, post_id: str, **changes: Any) -> dict[str, Any]:
        """Change a post as a person would."""
        return self._ask("POST", f"/wp-json/wp/v2/posts/{post_id}", changes)

    def trash(self, post_id: str) -> None:
        """Put a post into the trash as a person would."""
        self._ask("DELETE", f"/wp-json/wp/v2/posts/{post_id}")

    def look(self, post_id: str) -> dict[str, Any]:
        """Return the post as WordPress tells it."""
        return self._ask("GET", f"/wp-json/wp/v2/posts/{post_id}?context=edit")

    def publish_due(self) -> None:
        """Let WordPress do what is due."""
        self._client.get(f"/wp-cron.php?doing_wp_cron={time.time():.4f}").raise_for_status()

    def person(self, name: str, role: str) -> str:
        """Add a person with *role*, and return an application password of theirs."""
        about = {"username": name, "email": f"{name}@example.org", "password": "only-for-tests", "roles": [role]}
        number = self._ask("POST", "/wp-json/wp/v2/users", about)["id"]
        made = self._ask("POST", f"/wp-json/wp/v2/users/{number}/application-passwords", {"name": "switchboard"})
        return str(made["password"])

    def picture(self) -> int:
        """Upload a picture, and return its id."""
        reply = self._client.post(
            "/wp-json/wp/v2/media",
            content=_GIF,
            headers={"Content-Type": "image/gif", "Content-Disposition": 'attachment; filename="a.gif"'},
        )
        return int(reply.raise_for_status().json()["id"])

    def permalinks(self, structure: str) -> None:
        """Set the shape of addresses; "" is plain, and the API is at `?rest_route=` alone."""
        code = (
            f"$_SERVER['HTTP_HOST'] = '{self.url.removeprefix('http://')}'; require '{self._folder}/wp-load.php';"
            f"update_option('permalink_structure', '{structure}'); flush_rewrite_rules();"
        )
        subprocess.run([_PHP, "-d", "error_reporting=0", "-r", code], capture_output=True, check=True)  # noqa: S603

    @contextmanager
    def without_the_api(self) -> Generator[None]:
        """Take the API of posts away, as plugins do that shall make a site safer."""
        plugin = self._folder / "wp-content/mu-plugins/off.php"
        plugin.parent.mkdir(exist_ok=True)
        plugin.write_text(_OFF)
        try:
            yield
        finally:
            plugin.unlink()

    def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        reply = self._client.request(method, path, json=body).raise_for_status()
        found: dict[str, Any] = reply.json()
        return found


@contextmanager
def wordpress() -> Generator[Site]:
    """Start a site, with nothing in it but what a new one has."""
    with ExitStack() as stack:
        folder = Path(mkdtemp(prefix="wp-"))  # a socket's path is short
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        database = stack.enter_context(_database(folder))
        port = _free_port()
        host = f"127.0.0.1:{port}"
        site = folder / "site"
        shutil.copytree(PACKAGE, site, ignore_dangling_symlinks=True, ignore=shutil.ignore_patterns("wp-config.php"))
        (site / "wp-config.php").write_text(_CONFIG.format(socket=database))
        (site / "router.php").write_text(_ROUTER)
        (folder / "install.php").write_text(_INSTALL.format(host=host, folder=site, permalinks=PRETTY))
        install = [_PHP, "-d", "error_reporting=0", str(folder / "install.php")]
        made = subprocess.run(install, capture_output=True, text=True, check=True)  # noqa: S603 - our own
        told = json.loads(made.stdout[made.stdout.index('{"password"') :])
        # One process: workers of PHP's server outlive it.
        server = subprocess.Popen(  # noqa: S603 - our own
            [*_WITH_US, _PHP, "-d", "error_reporting=0", "-S", host, "-t", str(site), str(site / "router.php")],
            stdout=subprocess.DEVNULL,
            stderr=(HOME / "wordpress.log").open("wb"),
        )
        stack.callback(_end, server)
        found = Site(f"http://{host}", told["password"], site)
        _until(lambda: _answers(found.url), "WordPress")
        yield found


@contextmanager
def _database(folder: Path) -> Generator[Path]:
    data, at = folder / "db", folder / "db.sock"
    for schema in ("mysql", "wordpress"):  # a folder is a database
        (data / schema).mkdir(parents=True)
    server = subprocess.Popen(  # noqa: S603 - our own
        [
            *_WITH_US, "mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={at}", "--user=root",
            "--skip-networking", "--skip-grant-tables", "--innodb-flush-log-at-trx-commit=0",
        ],
        stdout=subprocess.DEVNULL, stderr=(HOME / "mariadb.log").open("wb"),
    )  # fmt: skip
    try:
        _until(at.exists, "MariaDB")
        yield at
    finally:
        _end(server)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/wp-json/", timeout=10).is_success
    except httpx.HTTPError:
        return False


def _until(is_so: Any, what: str) -> None:
    ends = time.monotonic() + STARTS_WITHIN
    while not is_so():
        if time.monotonic() > ends:
            raise TimeoutError(f"{what} does not answer; look into .local/network/*.log")
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
