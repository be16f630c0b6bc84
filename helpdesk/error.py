"""What can go wrong with a case, in words that may be said to the person as they stand."""


class CaseError(ValueError):
    """A request that cannot be granted; ``str(error)`` is a plain Thai sentence for whoever asked."""


class ConsentMissing(CaseError):
    """A contact came without the consent to keep it."""

    def __init__(self) -> None:
        super().__init__("ต้องได้รับความยินยอมก่อน จึงจะเก็บข้อมูลติดต่อไว้ได้ค่ะ")


class UnknownCategory(CaseError):
    """No category has this id."""

    def __init__(self, category: str) -> None:
        super().__init__(f"ไม่พบประเภทเรื่อง “{category}” ค่ะ")


class UnknownPhoto(CaseError):
    """An attachment that does not exist, or is not this person's."""

    def __init__(self) -> None:
        super().__init__("ไม่พบรูปภาพที่ส่งมา กรุณาส่งรูปใหม่อีกครั้งค่ะ")


class UnknownState(CaseError):
    """No state has this name."""

    def __init__(self, state: str) -> None:
        super().__init__(f"ไม่มีสถานะ “{state}” ค่ะ")


class TransitionRefused(CaseError):
    """The state machine has no such step; names both states in Thai."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"เปลี่ยนสถานะจาก “{old}” เป็น “{new}” ไม่ได้ค่ะ")


class NoteMissing(CaseError):
    """The state needs a word to the citizen."""

    def __init__(self, new: str) -> None:
        super().__init__(f"กรุณาเขียนหมายเหตุถึงผู้แจ้งก่อนเปลี่ยนสถานะเป็น “{new}” ค่ะ")


class CaseChanged(CaseError):
    """Somebody else changed the case since it was read."""

    def __init__(self, number: str) -> None:
        super().__init__(f"เรื่อง {number} เพิ่งถูกแก้ไขโดยผู้อื่น กรุณาเปิดดูใหม่แล้วลองอีกครั้งค่ะ")


class NotFinished(CaseError):
    """Only a finished case can be disputed."""

    def __init__(self, number: str, state: str) -> None:
        super().__init__(f"เรื่อง {number} มีสถานะ “{state}” จึงยังไม่ต้องขอเปิดเรื่องใหม่ค่ะ หากมีข้อมูลเพิ่มเติม แจ้งเพิ่มได้เลยค่ะ")


class DisputeTooLate(CaseError):
    """The days in which a finished case may be disputed are over."""

    def __init__(self, number: str, days: int) -> None:
        super().__init__(f"เรื่อง {number} ปิดเกิน {days} วันแล้ว จึงเปิดเรื่องเดิมไม่ได้ค่ะ หากยังพบปัญหา กรุณาแจ้งเป็นเรื่องใหม่ค่ะ")
