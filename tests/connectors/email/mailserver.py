"""A real Postfix and a real Dovecot for the tests: in a folder of their own, on loopback, started and stopped by this process, shared by a run."""

from __future__ import annotations

import atexit
import datetime as dt
import os
import pwd
import shutil
import signal
import smtplib
import socket
import socketserver
import ssl
import subprocess
import tempfile
import threading
import time
from collections import deque
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DOMAIN = "hutong.test"
START_SECONDS_MAX = 30
PEOPLE_MAX = 500
PASSWORD = "correct horse"
POSTFIX, DOVECOT = "/usr/sbin/postfix", "/usr/sbin/dovecot"
QUEUES = ("maildrop", "incoming", "active", "deferred")

MAIN = """compatibility_level = 3.6
mail_owner = postfix
setgid_group = postdrop
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = mx.{domain}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/mailboxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
virtual_destination_concurrency_limit = 1
recipient_delimiter = +
relayhost = [127.0.0.1]:{far}
smtp_tls_security_level = none
smtpd_tls_cert_file = {folder}/cert.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = no
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
message_size_limit = 30000000
virtual_mailbox_limit = 0
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
notify_classes =
smtpd_error_sleep_time = 0
"""

SUBMISSION = """ -o smtpd_sasl_auth_enable=yes
 -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
 -o smtpd_recipient_restrictions=check_policy_service,inet:127.0.0.1:{policy},permit_sasl_authenticated,reject
 -o smtpd_sender_login_maps=texthash:{folder}/logins
 -o smtpd_sender_restrictions=reject_sender_login_mismatch
"""

MASTER = """127.0.0.1:{mx} inet n - n - - smtpd
127.0.0.1:{submission} inet n - n - - smtpd
{options}127.0.0.1:{smtps} inet n - n - - smtpd
 -o smtpd_tls_wrappermode=yes
{options}cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

IMAP = """protocols = imap
base_dir = {folder}/run
log_path = {folder}/dovecot.log
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
auth_failure_delay = 0
mailbox_idle_check_interval = 1 s
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  unix_listener {folder}/spool/private/auth {{
    mode = 0666
  }}
}}
"""


class Policy(socketserver.ThreadingTCPServer):
    """Says what Postfix answers to the next recipients: `DUNNO` unless something is in `meets` (postfix.org/SMTPD_POLICY_README.html)."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        self.meets: deque[str] = deque()
        super().__init__(("127.0.0.1", 0), _PolicyHandler)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


class _PolicyHandler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        policy: Policy = self.server  # type: ignore[assignment]
        while line := self.rfile.readline():
            if line == b"\n":
                answer = policy.meets.popleft() if policy.meets else "DUNNO"
                self.wfile.write(f"action={answer}\n\n".encode())


class MailServer:
    """Both servers while they run. `far` is the port to which mail for other domains goes."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hutong-mail-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.far, self.mx, self.submission, self.smtps, self.imap, self.imaps = free_ports(6)
        self.policy = Policy()
        # All there from the start: Dovecot looks only once a second whether the file has changed.
        self.passwords = {f"{name}{number}@{DOMAIN}": PASSWORD for name in ("bot", "alice") for number in range(1, PEOPLE_MAX)}
        self._numbers = 0
        self._processes: list[subprocess.Popen[bytes]] = []
        self._write()
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        atexit.register(self.stop)

    def person(self, name: str) -> str:
        """A mailbox nobody has used yet; gives its address."""
        self._numbers += 1
        return f"{name}{self._numbers}@{DOMAIN}"

    def change_password(self, address: str, password: str) -> None:
        self.passwords[address] = password
        self._write_people()
        time.sleep(1.1)  # Dovecot looks at the second in which the file changed

    def deliver(self, mail: bytes, *, to: str, sender: str = "someone@elsewhere.test") -> None:
        """Hand a mail to the server as another server does, and wait until it is in the mailbox."""
        before = len(self.mails(to))
        with smtplib.SMTP("127.0.0.1", self.mx, local_hostname="elsewhere.test", timeout=10) as smtp:
            smtp.sendmail(sender, [to], mail)
        until = time.monotonic() + START_SECONDS_MAX
        while len(self.mails(to)) <= before:
            assert time.monotonic() < until, self.log()
            time.sleep(0.01)

    def mails(self, address: str) -> list[Path]:
        """The files of a mailbox."""
        box = self.folder / "mail" / address
        return [one for name in ("new", "cur") if (box / name).is_dir() for one in (box / name).iterdir()]

    def settle(self) -> None:
        """Wait until nothing is in the queue."""
        until = time.monotonic() + START_SECONDS_MAX
        while any(path.is_file() for name in QUEUES for path in (self.folder / "spool" / name).rglob("*")):
            assert time.monotonic() < until, self.log()
            time.sleep(0.02)

    def log(self) -> str:
        return "".join(path.read_text(errors="replace")[-4_000:] for name in ("mail.log", "dovecot.log") if (path := self.folder / name).exists())

    def stop(self) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.policy.shutdown()
        self.policy.server_close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self) -> None:
        owner = pwd.getpwnam("mail")
        words = {"folder": self.folder, "domain": DOMAIN, "uid": owner.pw_uid, "gid": owner.pw_gid, "policy": self.policy.server_address[1]}
        words |= {name: getattr(self, name) for name in ("far", "mx", "submission", "smtps", "imap", "imaps")}
        for name in ("etc", "spool", "data", "mail", "run"):
            (self.folder / name).mkdir()
        postfix = pwd.getpwnam("postfix")
        os.chown(self.folder / "data", postfix.pw_uid, postfix.pw_gid)
        os.chown(self.folder / "mail", owner.pw_uid, owner.pw_gid)
        for name in ("private", "public", "pid", *QUEUES, "bounce", "corrupt", "defer", "flush", "hold", "saved", "trace"):
            (self.folder / "spool" / name).mkdir()
            os.chown(self.folder / "spool" / name, 0 if name == "pid" else postfix.pw_uid, 0)
        words["options"] = SUBMISSION.format(**words)
        (self.folder / "etc" / "main.cf").write_text(MAIN.format(**words))
        (self.folder / "etc" / "master.cf").write_text(MASTER.format(**words))
        (self.folder / "dovecot.conf").write_text(IMAP.format(**words))
        (self.folder / "users").touch()
        certificate(self.folder)
        self._write_people()

    def _write_people(self) -> None:
        put(self.folder / "users", "".join(f"{address}:{password}\n" for address, password in self.passwords.items()))
        put(self.folder / "mailboxes", "".join(f"{address} {address}/\n" for address in self.passwords))
        put(self.folder / "logins", "".join(f"{address} {address}\n" for address in self.passwords))

    def _start(self) -> None:
        for command in (
            [DOVECOT, "-F", "-c", str(self.folder / "dovecot.conf")],
            ["/usr/lib/postfix/sbin/master", "-c", str(self.folder / "etc"), "-d"],
        ):
            with (self.folder / "out.log").open("ab") as out:
                # A session of its own: Postfix' master signals its whole group when it ends.
                self._processes.append(subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True))
        until = time.monotonic() + START_SECONDS_MAX
        for port in (self.mx, self.submission, self.smtps, self.imap, self.imaps):
            while not answers(port):
                said = (self.folder / "out.log").read_text(errors="replace")[-2_000:] + self.log()
                assert time.monotonic() < until, said
                assert all(one.poll() is None for one in self._processes), said
                time.sleep(0.05)


def put(path: Path, text: str) -> None:
    """Change a file at once, as nobody shall read half of it."""
    beside = path.with_suffix(".new")
    beside.write_text(text)
    beside.rename(path)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on."""
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


def certificate(folder: Path) -> None:
    """A certificate for `localhost` that vouches for itself; `trusted` adds it to those that are believed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*form))


def trust(context: ssl.SSLContext, folder: Path) -> None:
    """Believe the certificate of that folder."""
    context.load_verify_locations(folder / "cert.pem")


@cache
def running() -> MailServer:
    """The servers of this run. Skips with the reason where they cannot be had."""
    missing = [name for name in (POSTFIX, DOVECOT, "/usr/lib/dovecot/imap") if not Path(name).exists()]
    if missing:
        pytest.skip(f"no Postfix and Dovecot: apt-get install -y --no-install-recommends postfix dovecot-imapd ({missing[0]} is missing)")
    if os.getuid() != 0:
        pytest.skip("Postfix has to be started by root")
    return MailServer()
