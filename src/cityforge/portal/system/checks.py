"""What makes a deployment sound, one check each: how it is, and what to do where it is not.

Green: fine; amber: works, but look at it; red: does not work, or is not safe.
"""

import shutil
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import oidc, roles
from cityforge.portal.accounts.models import Membership
from cityforge.portal.analytics import city_folder
from cityforge.portal.audit import queries as trail
from cityforge.portal.notices.posting import Down
from cityforge.portal.notices.smtp import Smtp

GREEN, AMBER, RED = "green", "amber", "red"
_OLDEST_POSTGRESQL = 15
_GIB = 2**30
_SECRET_LENGTH = 40
_HERE = ("127.0.0.1", "localhost", "::1")
NOTHING = Text(zh="", en="")


@dataclass(frozen=True, slots=True)
class Check:
    title: Text
    light: str
    said: Text
    todo: Text = NOTHING


def all_checks() -> Iterator[Check]:
    """Every check but that of the worker, which takes a while (`tasks.probe`)."""
    yield secret()
    yield hosts()
    yield https()
    is_there = database()
    yield is_there
    if is_there.light == RED:
        return
    is_migrated = migrated()
    yield is_migrated
    if is_migrated.light == GREEN:
        yield administrator()
        yield chain()
    yield disk()
    yield snapshot()
    yield city()
    yield sign_on()
    yield mail()


def secret() -> Check:
    title = Text(zh="密钥", en="Secret key")
    if settings.DEMO:
        return Check(
            title,
            AMBER,
            Text(zh="演示模式，密钥公开", en="demo mode: the key is public"),
            Text(
                zh="正式使用去掉 CITYFORGE_DEMO，设置 CITYFORGE_SECRET",
                en="for real use leave out CITYFORGE_DEMO and set CITYFORGE_SECRET",
            ),
        )
    if len(settings.SECRET_KEY) < _SECRET_LENGTH or len(set(settings.SECRET_KEY)) < 10:
        return Check(
            title,
            RED,
            Text(zh="太短或太简单", en="too short or too plain"),
            Text(
                zh="换成 50 个以上随机字符：openssl rand -base64 48",
                en="take 50 random characters: openssl rand -base64 48",
            ),
        )
    return Check(title, GREEN, Text(zh="已设置", en="set"))


def hosts() -> Check:
    title = Text(zh="域名", en="Host names")
    names = "、".join(settings.ALLOWED_HOSTS)
    if "*" in settings.ALLOWED_HOSTS:
        return Check(
            title,
            RED,
            Text(zh="任何域名都应答", en="every host name is answered"),
            Text(
                zh="CITYFORGE_HOSTS 写明自己的域名",
                en="name your own in CITYFORGE_HOSTS",
            ),
        )
    local = set(settings.ALLOWED_HOSTS) <= {"127.0.0.1", "localhost"}
    if local and not settings.DEMO:
        return Check(
            title,
            AMBER,
            Text(zh=f"只应答本机：{names}", en=f"this machine alone: {names}"),
            Text(zh="CITYFORGE_HOSTS 加上域名", en="add the host name to CITYFORGE_HOSTS"),
        )
    return Check(title, GREEN, Text(zh=names, en=names))


def https() -> Check:
    title = Text(zh="加密传输", en="HTTPS")
    if settings.IS_SECURE:
        return Check(
            title,
            GREEN,
            Text(
                zh="会话只走 HTTPS，浏览器被要求一直用 HTTPS",
                en="cookies by HTTPS alone, and browsers are told to keep to it",
            ),
        )
    return Check(
        title,
        AMBER if settings.DEMO else RED,
        Text(zh="未启用", en="off"),
        Text(
            zh="放在带证书的 nginx 之后，去掉 CITYFORGE_HTTPS=0",
            en="put it behind nginx with a certificate and leave out CITYFORGE_HTTPS=0",
        ),
    )


def database() -> Check:
    title = Text(zh="数据库", en="Database")
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SHOW server_version_num")
                major = int(cursor.fetchone()[0]) // 10_000
                said = f"PostgreSQL {major}"
                is_old = major < _OLDEST_POSTGRESQL
            else:
                cursor.execute("SELECT sqlite_version()")
                said, is_old = f"SQLite {cursor.fetchone()[0]}", False
    except DatabaseError as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else "?"
        return Check(
            title,
            RED,
            Text(zh=f"连不上：{first}", en=f"cannot be reached: {first}"),
            Text(
                zh="检查 DATABASE_URL 和数据库服务",
                en="look at DATABASE_URL and the database service",
            ),
        )
    if is_old:
        return Check(
            title,
            RED,
            Text(zh=said, en=said),
            Text(zh="需要 PostgreSQL 15 以上", en="PostgreSQL 15 or newer is needed"),
        )
    return Check(title, GREEN, Text(zh=said, en=said))


def migrated() -> Check:
    title = Text(zh="表结构", en="Tables")
    executor = MigrationExecutor(connection)
    left = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if left:
        return Check(
            title,
            RED,
            Text(zh=f"还差 {len(left)} 步迁移", en=f"{len(left)} migration(s) are left"),
            Text(
                zh="运行 cityforge portal，它会先完成迁移",
                en="start cityforge portal: it migrates first",
            ),
        )
    return Check(title, GREEN, Text(zh="与程序一致", en="as the program needs them"))


def administrator() -> Check:
    title = Text(zh="安全管理员", en="Security admin")
    today = timezone.localdate()
    count = (
        Membership.objects.filter(
            Q(ends=None) | Q(ends__gte=today),
            role=roles.SECURITY_ADMIN,
            starts__lte=today,
            user__is_active=True,
        )
        .values("user")
        .distinct()
        .count()
    )
    if not count:
        return Check(
            title,
            RED,
            Text(zh="一位也没有，无人能授权", en="nobody can grant roles"),
            Text(
                zh="python -m cityforge.portal first_account 用户名 姓名",
                en="python -m cityforge.portal first_account USERNAME NAME",
            ),
        )
    return Check(title, GREEN, Text(zh=f"{count} 位", en=str(count)))


def chain() -> Check:
    title = Text(zh="审计链条", en="Audit trail")
    broken = trail.breaks()
    if broken:
        first = broken[0].number
        return Check(
            title,
            RED,
            Text(
                zh=f"{len(broken)} 处不连续，第一处在第 {first} 条",
                en=f"broken in {len(broken)} place(s), first at number {first}",
            ),
            Text(
                zh="记录被改动过：保全现场，交审计员",
                en="it was tampered with: keep everything, tell the auditor",
            ),
        )
    number = trail.trail().count()
    return Check(title, GREEN, Text(zh=f"完整，{number:,} 条", en=f"whole, {number:,} events"))


def disk() -> Check:
    title = Text(zh="磁盘", en="Disk")
    home = Path(settings.HOME)
    free = shutil.disk_usage(home).free / _GIB
    said = Text(zh=f"空闲 {free:,.1f} GB", en=f"{free:,.1f} GB free")
    todo = Text(
        zh="清理旧快照和备份，或换大盘", en="clear old snapshots and backups, or grow the disk"
    )
    if not _is_writable(home):
        return Check(
            title,
            RED,
            Text(zh=f"不能写入 {home}", en=f"{home} cannot be written"),
            Text(zh="把文件夹交给运行门户的用户", en="give the folder to the portal's user"),
        )
    if free < 1:
        return Check(title, RED, said, todo)
    return Check(title, AMBER, said, todo) if free < 5 else Check(title, GREEN, said)


def _is_writable(folder: Path) -> bool:
    probe = folder / ".doctor"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        return False
    return True


def snapshot() -> Check:
    title = Text(zh="运行结果", en="Snapshot")
    run = city_folder.run()
    if run is None:
        return Check(
            title,
            AMBER,
            Text(zh="还没有，或读不了", en="none yet, or it cannot be read"),
            Text(
                zh=f"cityforge run 城市文件夹 --data 数据 --out {settings.SNAPSHOTS}",
                en=f"cityforge run CITY --data DATA --out {settings.SNAPSHOTS}",
            ),
        )
    return Check(
        title,
        GREEN,
        Text(zh=f"{run.id}，数据截至 {run.as_of}", en=f"{run.id}, data as of {run.as_of}"),
    )


def city() -> Check:
    title = Text(zh="城市文件夹", en="City folder")
    state = city_folder.state()
    if state is None:
        return Check(
            title,
            AMBER,
            Text(zh="没有设置，用最新结果里的副本", en="not set: the newest run's copy is used"),
            Text(zh="CITYFORGE_CITY 指向城市文件夹", en="point CITYFORGE_CITY at it"),
        )
    errors = sum(one.severity == "error" for one in state.problems)
    others = len(state.problems) - errors
    said = Text(
        zh=f"{errors} 个错误，{others} 个提醒；"
        f"样例 {state.examples} 个，不符 {len(state.failing)} 个",
        en=f"{errors} error(s), {others} warning(s); {state.examples} example(s), "
        f"{len(state.failing)} wrong",
    )
    todo = Text(zh="cityforge check 逐项列出", en="cityforge check lists them")
    if errors or state.failing:
        return Check(title, RED, said, todo)
    return Check(title, AMBER, said, todo) if others else Check(title, GREEN, said)


def sign_on() -> Check:
    title = Text(zh="统一登录", en="Sign-on")
    if settings.SIGN_ON is None:
        return Check(title, GREEN, Text(zh="未启用，用密码登录", en="off: people use passwords"))
    issuer = settings.SIGN_ON["issuer"]
    try:
        oidc.description()
    except oidc.Refused as refused:
        if refused.why == oidc.UNREACHABLE:
            return Check(
                title,
                RED,
                Text(zh=f"连不上：{refused.said}", en=f"cannot be reached: {refused.said}"),
                Text(
                    zh=f"检查网络和 CITYFORGE_OIDC_ISSUER，本机应能打开 {oidc.address(issuer)}",
                    en=f"from this machine {oidc.address(issuer)} must open: look at the network "
                    "and CITYFORGE_OIDC_ISSUER",
                ),
            )
        return Check(
            title,
            RED,
            Text(zh=f"说明文件不对：{refused.said}", en=f"described wrongly: {refused.said}"),
            Text(
                zh="CITYFORGE_OIDC_ISSUER 须与说明文件中的 issuer 一字不差",
                en="CITYFORGE_OIDC_ISSUER must be the issuer of that document to the letter",
            ),
        )
    return Check(title, GREEN, Text(zh=f"应答：{issuer}", en=f"answers: {issuer}"))


def mail() -> Check:
    title = Text(zh="邮件服务器", en="Mail server")
    if not settings.SMTP_URL:
        return Check(title, GREEN, Text(zh="未设置，不发邮件", en="not set: no e-mail is sent"))
    try:
        with Smtp() as server:
            server.reach()
    except ImproperlyConfigured as error:
        return Check(title, RED, Text(zh=str(error), en=str(error)))
    except Down as error:
        said = f"{server.server.host}:{server.server.port} {error}"[:300]
        return Check(title, RED, *_no_mail(error.__cause__, said))
    own = server.server
    where = f"{own.host}:{own.port}"
    signed = Text(zh="已登录", en="signed in") if own.user else Text(zh="不用登录", en="no sign-in")
    if own.tls == "none" and own.host not in _HERE:
        return Check(
            title,
            AMBER,
            Text(
                zh=f"{where} 应答，{signed.zh}，没有加密",
                en=f"{where} answers, {signed.en}, without TLS",
            ),
            Text(zh="去掉 ?tls=none，用 STARTTLS 或 smtps", en="leave out ?tls=none"),
        )
    return Check(
        title, GREEN, Text(zh=f"{where} 应答，{signed.zh}", en=f"{where} answers, {signed.en}")
    )


def _no_mail(error: BaseException | None, said: str) -> tuple[Text, Text]:
    """Why no letter would leave, and what to do."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return (
                Text(zh=f"不认用户名或密码：{said}", en=f"refuses user or password: {said}"),
                Text(
                    zh="核对 CITYFORGE_SMTP_URL 里的用户名和密码（特殊字符写成 %40 这样）",
                    en="look at user and password in CITYFORGE_SMTP_URL (write @ as %40)",
                ),
            )
        case ssl.SSLError():
            return (
                Text(zh=f"证书或加密不对：{said}", en=f"certificate or TLS is wrong: {said}"),
                Text(
                    zh="内部证书在 CITYFORGE_SMTP_URL 后加 ?ca=/证书.pem；465 用 smtps://，"
                    "587 用 smtp://",
                    en="for an authority of your own add ?ca=/file.pem; smtps:// goes with 465, "
                    "smtp:// with 587",
                ),
            )
        case smtplib.SMTPNotSupportedError():
            return (
                Text(zh=f"服务器没有加密或登录：{said}", en=f"has no TLS or no sign-in: {said}"),
                Text(
                    zh="换支持 STARTTLS 的端口（587）或 smtps（465）",
                    en="take a port with STARTTLS (587) or smtps (465)",
                ),
            )
        case _:
            return (
                Text(zh=f"连不上：{said}", en=f"cannot be reached: {said}"),
                Text(
                    zh="检查网络和 CITYFORGE_SMTP_URL 的主机、端口",
                    en="look at the network and at host and port of CITYFORGE_SMTP_URL",
                ),
            )
