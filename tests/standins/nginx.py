"""A cache of Debian's in front of the site, told to keep what CloudFront keeps, under the key that infra/aws tells that one."""

import http.client
import os
import shutil
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from infra.aws.copies import KEY_HEADERS, NEVER_KEPT, SESSION
from infra.local.aws import LOOPBACK, answers, free_port
from infra.local.processes import Part
from tests.standins.cdn import OVERWRITTEN, Answer

APART = "X-Apart"
"""Whoever looks by one cache finds nothing of another: one nginx is as many as are asked for."""
FROM_A_COPY = "X-Copy"

CONFIG = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log stderr;
worker_processes 1;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/bodies;
  proxy_temp_path {folder}/answers;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  proxy_cache_path {folder}/copies keys_zone=copies:10m use_temp_path=off;
  # Its name has a dash, which $cookie_ cannot say.
  map $http_cookie $session {{ "~(?:^|;\\s*){session}=(?<key>[^;]*)" $key; default ""; }}
  # What may be kept at all is kept as long as the test lasts: the stricter, and so is keeping errors whatever they say.
  map "$upstream_status $upstream_http_cache_control" $is_not_kept {{
    "~^(404|414|500|501|502|503|504) " 0;
    "~*no-store|no-cache|private" 1;
    "~*public" 0;
    default 1;
  }}
  server {{
    listen {loopback}:{port};
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header {apart} "";
    {overwritten}
    location / {{
      proxy_pass http://{site};
      proxy_cache copies;
      proxy_cache_key "$http_{apart_key} $request_uri $session {key}";
      proxy_ignore_headers Cache-Control Expires Set-Cookie Vary X-Accel-Expires;
      proxy_cache_valid 200 301 404 414 500 501 502 503 504 1h;
      proxy_no_cache $is_not_kept;
      add_header {from_a_copy} $upstream_cache_status always;
    }}
    location {never_kept} {{ proxy_pass http://{site}; }}
  }}
}}
"""


class Nginx:
    def __init__(self, folder: Path, *, site: str, host: str) -> None:
        """`site`: where it listens. `host`: the name by which it is asked for."""
        self.host, self.port, self.numbers = host, free_port(), count()
        config = folder / "nginx.conf"
        headers = [f'proxy_set_header {name} "{value}";' for name, value in OVERWRITTEN.items()]
        text = CONFIG.format(
            folder=folder,
            loopback=LOOPBACK,
            port=self.port,
            site=site,
            user="user root;" if os.geteuid() == 0 else "",
            session=SESSION,
            apart=APART,
            apart_key=variable(APART),
            key=" ".join(f"$http_{variable(name)}" for name in KEY_HEADERS),
            never_kept=NEVER_KEPT.removesuffix("*"),
            overwritten="\n    ".join(headers),
            from_a_copy=FROM_A_COPY,
        )
        config.write_text(text.lstrip())
        self.command = [shutil.which("nginx") or "nginx", "-p", folder, "-c", config]
        self.log = folder / "nginx.log"

    def __enter__(self) -> "Nginx":
        self.part = Part("nginx", self.command, environment={}, log=self.log)
        self.part.wait_until(lambda: answers(self.port, "/healthz/live"))
        return self

    def __exit__(self, *of_the_test: object) -> None:
        self.part.stop()

    def empty(self) -> "Copies":
        """A cache in which nothing is kept yet."""
        return Copies(self, str(next(self.numbers)))


class Copies:
    def __init__(self, nginx: Nginx, apart: str) -> None:
        self.nginx, self.apart = nginx, apart
        self.asked = self.hits = 0

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        self.asked += 1
        sent = {"Host": self.nginx.host, **(headers or {}), APART: self.apart}
        connection = http.client.HTTPConnection(LOOPBACK, self.nginx.port, timeout=20)
        try:
            connection.putrequest("GET", address, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders(b"x" * int(sent.get("Content-Length", 0)) or None)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        self.hits += answer.headers.get(FROM_A_COPY) == "HIT"
        cookies = "\n".join(answer.headers.get_all("Set-Cookie", []))
        return Answer(answer.status, dict(answer.headers.items()), cookies, body)


def variable(name: str) -> str:
    return name.lower().replace("-", "_")
