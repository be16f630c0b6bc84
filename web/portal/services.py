"""What people ask about: the published answers of the knowledge base, by group and one by one."""

from collections import defaultdict
from collections.abc import Sequence

from aiohttp import web

from knowledge_base import faq
from knowledge_base.entry import Entry
from web import parts
from web.portal import page

# In the order in which a town hall is asked; the knowledge base knows groups by these ids.
GROUPS = {
    "civil-registration": ("ทะเบียนราษฎรและบัตรประชาชน", "Registration and ID cards"),
    "local-environment": ("บริการท้องถิ่นและสิ่งแวดล้อม", "Local services and environment"),
    "welfare": ("สวัสดิการและเกษตรกร", "Welfare and farmers"),
    "tax": ("ภาษี", "Taxes"),
    "land-building": ("ที่ดินและอาคาร", "Land and buildings"),
    "utilities": ("ไฟฟ้าและประปา", "Electricity and water"),
    "health": ("สุขภาพและสิทธิรักษาพยาบาล", "Health and medical rights"),
    "business": ("ธุรกิจและใบอนุญาต", "Business and licences"),
    "transport": ("ขนส่งและจราจร", "Transport and traffic"),
    "labour-social-security": ("แรงงานและประกันสังคม", "Labour and social security"),
    "education-military": ("การศึกษาและทหาร", "Education and military service"),
    "travel-foreign": ("หนังสือเดินทางและคนต่างชาติ", "Passports and foreigners"),
    "justice-consumer-safety": ("กฎหมาย ผู้บริโภค และความปลอดภัย", "Law, consumers and safety"),
}
OTHER = ("เรื่องอื่น ๆ", "Other matters")

Grouped = list[tuple[str, tuple[str, str], list[Entry]]]


async def published(request: web.Request) -> Grouped:
    """Every published answer as (group id, its name in Thai and English, its entries)."""
    async with parts.of(request).database.read() as rows:
        return grouped(await faq.live_entries(rows))


def grouped(entries: Sequence[Entry]) -> Grouped:
    """The entries by group, known groups first and in their order."""
    by_group: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_group[entry.group].append(entry)
    order = [*(group for group in GROUPS if group in by_group), *(group for group in by_group if group not in GROUPS)]
    return [(group, GROUPS.get(group, OTHER), by_group[group]) for group in order]


async def index(request: web.Request) -> web.Response:
    """All published questions."""
    return page.render(request, "services.html", groups=await published(request))


async def show(request: web.Request) -> web.Response:
    """One question with its whole answer."""
    async with parts.of(request).database.read() as rows:
        entries = await faq.live_entries(rows)
    entry = next((one for one in entries if one.id == request.match_info["id"]), None)
    if entry is None:
        raise web.HTTPNotFound
    group = (entry.group, GROUPS.get(entry.group, OTHER))
    return page.render(request, "service.html", entry=entry, group=group)
