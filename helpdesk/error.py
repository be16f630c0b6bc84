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


class PhotoMissing(CaseError):
    """A case of this category is done only with a picture of what was done."""

    def __init__(self, title: str) -> None:
        super().__init__(f"เรื่องประเภท “{title}” ต้องแนบรูปหลังดำเนินการก่อนเปลี่ยนสถานะเป็น “ดำเนินการเสร็จแล้ว” ค่ะ")


class NotAssignable(CaseError):
    """Nobody works on a case who does not exist, is locked, or may not see or work it."""

    def __init__(self) -> None:
        super().__init__("มอบหมายให้บุคลากรคนนี้ไม่ได้ กรุณาเลือกผู้ที่มีสิทธิ์ทำงานกับเรื่องนี้ค่ะ")


class UnknownPriority(CaseError):
    """No priority has this name."""

    def __init__(self) -> None:
        super().__init__("ไม่มีระดับความสำคัญนี้ค่ะ")


class LabelRefused(CaseError):
    """A label is too long or empty, or the case has too many."""

    def __init__(self, longest: int, most: int) -> None:
        super().__init__(f"ป้ายต้องยาว 1-{longest} ตัวอักษร และเรื่องหนึ่งมีได้ไม่เกิน {most} ป้ายค่ะ")


class NoteEmpty(CaseError):
    """A note says nothing and brings no file."""

    def __init__(self) -> None:
        super().__init__("กรุณาเขียนข้อความหรือแนบไฟล์ก่อนบันทึกค่ะ")


class NotJoinable(CaseError):
    """Only an open case that is no secret can be joined."""

    def __init__(self, number: str) -> None:
        super().__init__(f"ติดตามเรื่อง {number} ร่วมไม่ได้ค่ะ กรุณาแจ้งเป็นเรื่องใหม่")


class CaseMerged(CaseError):
    """The case goes on under another number."""

    def __init__(self, number: str, into: str) -> None:
        self.into = into
        super().__init__(f"เรื่อง {number} รวมกับเรื่อง {into} แล้ว กรุณาทำรายการที่เรื่อง {into} ค่ะ")


class MergeRefused(CaseError):
    """Two cases that cannot become one; the text says why."""


class RelationRefused(CaseError):
    """A case cannot be linked to itself."""

    def __init__(self) -> None:
        super().__init__("เชื่อมเรื่องกับตัวเองไม่ได้ค่ะ")


class NotRateable(CaseError):
    """Only a finished case is rated, with 1 to 5 stars."""

    def __init__(self, number: str) -> None:
        super().__init__(f"ให้คะแนนเรื่อง {number} ได้เมื่อดำเนินการเสร็จแล้ว โดยให้ 1 ถึง 5 ดาวค่ะ")
