"""Give every page the site's record numbers, the same for every visitor."""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class Site:
    """The two record numbers a site in China shows at the foot of every page, each linked to its register."""

    icp: str
    psb: str

    @cached_property
    def psb_url(self) -> str:
        code = "".join(re.findall(r"\d", self.psb))
        return f"https://beian.mps.gov.cn/#/query/webSearch?code={quote(code)}"


def site(request: HttpRequest) -> dict[str, Site]:
    icp, psb = getattr(settings, "BEIAN_ICP", ""), getattr(settings, "BEIAN_PSB", "")
    return {"site": Site(icp=icp, psb=psb)}
