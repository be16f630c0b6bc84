"""The list's words: states, intents in Thai, and what to say after a change."""

from functools import cache

from helpdesk.category import all_categories

STATES = {"new": "รอตรวจ", "accepted": "รับไว้สอน", "rejected": "ไม่ใช้"}
BADGES = {"new": "draft", "accepted": "published", "rejected": "archived"}  # classes of console.css
REPORT = "report_problem"

INTENTS = {
    "greet": "ทักทาย",
    "goodbye": "ลา จบการคุย",
    "thank": "ขอบคุณ",
    "affirm": "ตอบรับ ยืนยัน",
    "deny": "ปฏิเสธ บอกว่าไม่ใช่",
    "ask_service": "ถามเรื่องบริการ เอกสาร ค่าธรรมเนียม หรือสิทธิ",
    REPORT: "แจ้งปัญหา โดยยังไม่บอกว่าเรื่องอะไร",
    "check_case_status": "ติดตามเรื่องที่แจ้งไว้",
    "add_case_information": "เพิ่มข้อมูลในเรื่องที่แจ้งไว้",
    "cancel": "ยกเลิกสิ่งที่กำลังทำ",
    "talk_to_human": "ขอคุยกับเจ้าหน้าที่",
    "emergency": "เหตุฉุกเฉิน อันตรายถึงชีวิต",
    "ask_capabilities": "ถามว่าผู้ช่วยทำอะไรได้บ้าง",
    "ask_office_info": "ถามเวลาทำการ ที่ตั้ง หรือเบอร์โทรสำนักงาน",
    "change_language": "เปลี่ยนภาษา",
    "give_feedback": "ชมหรือติบริการ",
    "dispute_case_closed": "แย้งว่าเรื่องที่ปิดแล้วยังไม่เรียบร้อย",
    "subscribe_alerts": "ขอรับการแจ้งเตือน",
    "unsubscribe_alerts": "เลิกรับการแจ้งเตือน",
    "request_my_data": "ขอดู แก้ไข หรือลบข้อมูลส่วนบุคคลของตน",
    "bot_challenge": "ถามว่าเป็นคนหรือบอต",
    "chitchat": "คุยเล่น",
    "insult": "ด่าว่า หยาบคาย",
    "out_of_scope": "เรื่องที่ไม่ใช่งานของหน่วยงานรัฐ",
    "nlu_fallback": "ไม่มีความหมาย เช่น กดแป้นพิมพ์เล่น",
}

DONE = {
    "accept": "บันทึกแล้ว ข้อความนี้รอส่งออกไปสอนผู้ช่วย",
    "reject": "บันทึกแล้วว่าไม่ใช้",
    "remove": "ลบข้อความแล้ว",
    "undo": "ย้ายกลับไป “รอตรวจ” แล้ว",
}
CHOOSE = "กรุณาเลือกอย่างน้อยหนึ่งข้อความ"
CHOOSE_INTENT = "กรุณาเลือกความหมายของข้อความ แล้วกดอีกครั้ง"
GONE = "ไม่พบข้อความนี้แล้ว อาจถูกลบไปก่อน จึงยังไม่ได้บันทึกรายการใด"
TAKEN = "{name} ตรวจข้อความนี้ไปแล้ว จึงยังไม่ได้บันทึกรายการใด"
EXPORTED = "ข้อความนี้อยู่ในชุดข้อมูลฝึกแล้ว จึงย้อนกลับหรือลบที่นี่ไม่ได้ กรุณาแจ้งผู้ดูแลระบบ"


@cache
def reports() -> dict[str, str]:
    """Reports by category, as training data name them: ``report_problem/garbage`` -> ``แจ้งปัญหา: ขยะ…``."""
    return {f"{REPORT}/{one.id}": one.title_th for one in all_categories()}


def known(intent: str) -> bool:
    """Whether an utterance may be labelled so."""
    return intent in INTENTS or intent in reports()


def title(intent: str) -> str:
    """An intent in words; one that is not known here as it is."""
    return f"แจ้งปัญหา: {reports()[intent]}" if intent in reports() else INTENTS.get(intent, intent)
