"""The short words of buttons and fields, in Thai and English. Sentences are in `domain.yml`."""

_WORDS: dict[str, tuple[str, str]] = {
    "yes": ("ใช่", "Yes"),
    "all categories": ("ดูทั้งหมด", "Show all"),
    "more categories": ("ดูหมวดอื่น", "More"),
    "send report": ("ยืนยันส่งเรื่อง", "Send"),
    "edit": ("แก้ไข", "Change"),
    "edit description": ("แก้รายละเอียด", "Change description"),
    "edit category": ("แก้ประเภท", "Change kind"),
    "edit place": ("แก้สถานที่", "Change place"),
    "edit photos": ("แก้รูป", "Change photos"),
    "edit contact": ("แก้ข้อมูลติดต่อ", "Change contact"),
    "cancel": ("ยกเลิก", "Cancel"),
    "helpful": ("ตอบตรงคำถาม", "This helped"),
    "not helpful": ("ยังไม่ตรง", "Not what I asked"),
    "none of these": ("ไม่ใช่ทั้งหมดนี้", "None of these"),
    "report": ("แจ้งปัญหาในพื้นที่", "Report a problem"),
    "call back": ("ขอให้ติดต่อกลับ", "Contact me"),
    "copy of data": ("ขอสำเนาข้อมูล", "Get a copy"),
    "correct data": ("ขอแก้ไขข้อมูล", "Correct my data"),
    "delete data": ("ขอลบข้อมูล", "Delete my data"),
    "withdraw consent": ("ถอนความยินยอม", "Withdraw consent"),
    "no": ("ไม่เป็นไร", "No thank you"),
    "photo": ("รูป", "photo"),
    "place": ("ตำแหน่ง", "position"),
    "name": ("ชื่อ", "the name"),
    "phone": ("เบอร์", "the number"),
    "sticker": ("สติกเกอร์", "stickers"),
    "audio": ("ข้อความเสียง", "voice messages"),
    "video": ("วิดีโอ", "videos"),
    "file": ("ไฟล์", "files"),
    "other": ("ข้อความแบบนี้", "such messages"),
    # what the fallback offers, by intent
    "ask_service": ("ถามเรื่องบริการ", "Ask about a service"),
    "report_problem": ("แจ้งปัญหาในพื้นที่", "Report a problem"),
    "check_case_status": ("ติดตามเรื่องที่แจ้ง", "Follow my case"),
    "add_case_information": ("เพิ่มข้อมูล", "Add to my case"),
    "dispute_case_closed": ("ยังไม่เรียบร้อย", "It is not fixed"),
    "talk_to_human": ("ติดต่อเจ้าหน้าที่", "Contact an official"),
    "ask_office_info": ("เวลาทำการและที่ตั้ง", "Opening hours"),
    "give_feedback": ("ให้ความคิดเห็น", "Give feedback"),
    "request_my_data": ("ข้อมูลของฉัน", "My personal data"),
}


def word(name: str, language: str) -> str:
    """The word of this name: ``word("yes", "th")`` is "ใช่"."""
    thai, english = _WORDS[name]
    return english if language == "en" else thai
