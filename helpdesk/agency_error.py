"""What can go wrong between agencies, in words that may be said to the officer as they stand."""

from helpdesk.error import CaseError


class UnknownAgency(CaseError):
    """There is no such agency, or it is off."""

    def __init__(self) -> None:
        super().__init__("ไม่พบหน่วยงานนี้ หรือหน่วยงานนี้ปิดรับเรื่องแล้วค่ะ")


class UnknownUnit(CaseError):
    """The agency has no such unit, or it is off."""

    def __init__(self, agency: str) -> None:
        super().__init__(f"ไม่พบส่วนงานนี้ใน{agency} หรือส่วนงานนี้ปิดรับเรื่องแล้วค่ะ")


class NobodyThere(CaseError):
    """Nobody of the agency works here, so nobody would see the case."""

    def __init__(self, agency: str) -> None:
        super().__init__(f"{agency} ยังไม่มีเจ้าหน้าที่ในระบบ จึงส่งต่อไม่ได้ค่ะ กรุณาประสานโดยตรงและใช้สถานะ “รอหน่วยงานที่เกี่ยวข้อง” แทน")


class ReasonMissing(CaseError):
    """Who hands a case over says why."""

    def __init__(self) -> None:
        super().__init__("กรุณาเขียนเหตุผลค่ะ")


class ReasonTooLong(CaseError):
    """The reason is longer than anybody reads."""

    def __init__(self, longest: int) -> None:
        super().__init__(f"กรุณาเขียนเหตุผลไม่เกิน {longest} ตัวอักษรค่ะ")


class SameAgency(CaseError):
    """The case is there already."""

    def __init__(self, number: str, words: str) -> None:
        super().__init__(f"เรื่อง {number} อยู่ที่{words}แล้วค่ะ")


class NotYours(CaseError):
    """Only the responsible agency hands a case over or invites others."""

    def __init__(self, number: str) -> None:
        super().__init__(f"เรื่อง {number} อยู่ในความรับผิดชอบของหน่วยงานอื่น จึงส่งต่อหรือเชิญหน่วยงานเพิ่มไม่ได้ค่ะ")


class CaseFinished(CaseError):
    """A case that is over goes nowhere."""

    def __init__(self, number: str, state: str) -> None:
        super().__init__(f"เรื่อง {number} มีสถานะ “{state}” จึงส่งต่อไม่ได้ค่ะ")


class SupervisorNeeded(CaseError):
    """Only a supervisor may send a case back to an agency that had it, or invite others to a confidential one."""

    def __init__(self, agency: str, *, confidential: bool = False) -> None:
        again = f"{agency} เคยรับเรื่องนี้แล้ว การส่งกลับไปต้องให้หัวหน้างานเป็นผู้ทำค่ะ"
        secret = f"เรื่องนี้เป็นความลับ การเชิญ{agency}ต้องให้หัวหน้างานเป็นผู้ทำค่ะ"
        super().__init__(secret if confidential else again)


class TooManyHops(CaseError):
    """The case went from agency to agency too often: only the city's supervisor may send it on."""

    def __init__(self, number: str, hops: int, city: str) -> None:
        super().__init__(f"เรื่อง {number} ถูกส่งต่อมาแล้ว {hops} ครั้ง ต้องให้หัวหน้างานของ{city}เป็นผู้กำหนดหน่วยงานค่ะ")
