"""The groups of the help centre: what they are called, and what a citizen finds in them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """A group's names, what is in it in a few words, and a picture for the eye."""

    th: str
    en: str
    about_th: str
    about_en: str
    emoji: str


# In the order in which a town hall is asked; the knowledge base knows groups by these ids.
GROUPS = {
    "civil-registration": Group(
        "ทะเบียนราษฎรและบัตรประชาชน",
        "Registration and ID cards",
        "บัตรประชาชน ทะเบียนบ้าน เกิด ตาย สมรส เปลี่ยนชื่อ",
        "ID cards, house registration, births, deaths, marriage, names",
        "🪪",
    ),
    "local-environment": Group(
        "บริการท้องถิ่นและสิ่งแวดล้อม",
        "Local services and environment",
        "ขยะ สูบส้วม สัตว์เลี้ยง ฝุ่น การเลือกตั้ง",
        "Waste, septic tanks, pets, air, elections",
        "🌳",
    ),
    "welfare": Group(
        "สวัสดิการและเกษตรกร",
        "Welfare and farmers",
        "เบี้ยผู้สูงอายุ คนพิการ เด็กแรกเกิด เงินช่วยเหลือ เกษตรกร",
        "Allowances for the elderly, disability, newborns, relief, farmers",
        "🤝",
    ),
    "tax": Group(
        "ภาษี",
        "Taxes",
        "ภาษีเงินได้ ขอคืนภาษี ภาษีที่ดิน ภาษีป้าย",
        "Income tax, refunds, land tax, signboard tax",
        "🧾",
    ),
    "land-building": Group(
        "ที่ดินและอาคาร",
        "Land and buildings",
        "ก่อสร้าง โฉนด รังวัด โอนที่ดิน มรดก",
        "Building permits, title deeds, surveys, transfers, inheritance",
        "🏠",
    ),
    "utilities": Group(
        "ไฟฟ้าและประปา",
        "Electricity and water",
        "มิเตอร์ ค่าไฟ ค่าน้ำ ไฟดับ น้ำไม่ไหล",
        "Meters, bills, outages, no water",
        "💧",
    ),
    "health": Group(
        "สุขภาพและสิทธิรักษาพยาบาล",
        "Health and medical rights",
        "บัตรทอง ฉุกเฉิน วัคซีน ฝากครรภ์ ผู้ป่วยติดเตียง",
        "Gold card, emergencies, vaccines, pregnancy, home care",
        "🩺",
    ),
    "business": Group(
        "ธุรกิจและใบอนุญาต",
        "Business and licences",
        "ทะเบียนพาณิชย์ ร้านอาหาร แผงลอย ที่พัก อย.",
        "Commercial registration, food shops, stalls, lodging, FDA",
        "🏪",
    ),
    "transport": Group(
        "ขนส่งและจราจร",
        "Transport and traffic",
        "ใบขับขี่ ภาษีรถ โอนรถ ใบสั่ง",
        "Driving licences, vehicle tax, transfers, fines",
        "🚗",
    ),
    "labour-social-security": Group(
        "แรงงานและประกันสังคม",
        "Labour and social security",
        "ประกันสังคม ว่างงาน ค่าแรง เลิกจ้าง",
        "Social security, unemployment, wages, dismissal",
        "👷",
    ),
    "education-military": Group(
        "การศึกษาและทหาร",
        "Education and military service",
        "สมัครเรียน กยศ. ศูนย์เด็กเล็ก เกณฑ์ทหาร",
        "School admission, student loans, child care, conscription",
        "🎓",
    ),
    "travel-foreign": Group(
        "หนังสือเดินทางและคนต่างชาติ",
        "Passports and foreigners",
        "หนังสือเดินทาง วีซ่า รับรองเอกสาร แจ้งที่พัก",
        "Passports, visas, legalisation, residence reports",
        "🛂",
    ),
    "justice-consumer-safety": Group(
        "กฎหมาย ผู้บริโภค และความปลอดภัย",
        "Law, consumers and safety",
        "ร้องเรียน หนี้นอกระบบ อาชญากรรมออนไลน์ มรดก",
        "Complaints, illegal lending, online crime, inheritance",
        "⚖️",
    ),
}
_OTHER = Group("เรื่องอื่น ๆ", "Other matters", "คำตอบที่ยังไม่ได้จัดหมวด", "Answers that are in no group yet", "📁")


def named(group_id: str) -> Group:
    """The group of an id; one that the city added and nobody named yet has a general name."""
    return GROUPS.get(group_id, _OTHER)


def in_order(group_ids: Iterable[str]) -> list[str]:
    """Known groups first and in their order, then the others as they came."""
    given = list(group_ids)
    return [*(group for group in GROUPS if group in given), *(group for group in given if group not in GROUPS)]
