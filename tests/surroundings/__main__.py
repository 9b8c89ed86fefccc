"""Looks for everything the tests talk to, installs what it may, and names all that is missing at once."""

import sys

from . import broker, browser, front, office, old_browser, postgresql
from .machine import Missing

missing = []
for look in (
    postgresql.binaries,
    broker.program,
    front.nginx,
    browser.chromium,
    old_browser.install,
    office.soffice,
    office.han_font,
    office.pdftotext,
):
    try:
        look()
    except Missing as error:
        missing.append(f"  {error}")
if missing:
    sys.exit("测试缺少以下程序，请先安装（the tests need these programs）：\n" + "\n".join(missing))
