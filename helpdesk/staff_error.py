"""What cannot be done with staff, in words for the console and for the command line."""

_WORDS = {
    "login_malformed": (
        "ชื่อเข้าใช้ต้องเป็นตัวอักษรอังกฤษ ตัวเลข หรือ . _ @ - ยาว 2-64 ตัว",
        "A login has 2 to 64 letters a-z, digits or . _ @ -",
    ),
    "login_taken": ("มีชื่อเข้าใช้นี้อยู่แล้ว", "This login is taken"),
    "name_missing": ("กรุณาใส่ชื่อที่แสดง ไม่เกิน 80 ตัวอักษร", "A name of at most 80 characters is needed"),
    "password_short": ("รหัสผ่านต้องยาวอย่างน้อย 12 ตัวอักษร", "A password has at least 12 characters"),
    "password_long": ("รหัสผ่านต้องไม่เกิน 256 ตัวอักษร", "A password has at most 256 characters"),
    "password_weak": (
        "รหัสผ่านนี้เดาง่ายเกินไป กรุณาหลีกเลี่ยงชื่อเข้าใช้ คำที่ใช้กันทั่วไป และตัวอักษรที่เรียงหรือซ้ำกัน",
        "This password is too easy to guess: avoid the login, common words, rows of keys and repeated letters",
    ),
    "password_same": ("รหัสผ่านใหม่ต้องไม่เหมือนรหัสเดิม", "The new password must differ from the old one"),
    "role_unknown": ("ไม่มีบทบาทนี้", "There is no such role"),
    "role_missing": ("กรุณาเลือกอย่างน้อยหนึ่งบทบาท", "At least one role is needed"),
    "staff_unknown": ("ไม่พบบุคลากรคนนี้", "There is no such member of staff"),
    "last_administrator": (
        "ต้องมีผู้ดูแลระบบที่ใช้งานได้อย่างน้อยหนึ่งคน",
        "At least one administrator must be able to log in",
    ),
    "second_factor_on": ("เปิดการยืนยันสองขั้นอยู่แล้ว", "The second factor is set up already"),
    "second_factor_off": ("ยังไม่ได้เปิดการยืนยันสองขั้น", "No second factor is set up"),
    "code_wrong": (
        "รหัสไม่ถูกต้องหรือใช้ไปแล้ว กรุณารอให้แอปแสดงรหัสใหม่ แล้วลองอีกครั้ง",
        "The code is wrong or was used already: wait for the next one and try again",
    ),
    "subject_malformed": ("รหัสผู้ใช้ของผู้ให้บริการต้องยาว 1-255 ตัวอักษร", "A subject has 1 to 255 characters"),
    "subject_taken": (
        "บัญชีของผู้ให้บริการนี้ผูกกับบุคลากรคนอื่นอยู่แล้ว",
        "This provider's account is linked to somebody else already",
    ),
    "identity_taken": (
        "บุคลากรคนนี้ผูกกับบัญชีอื่นของผู้ให้บริการเดียวกันอยู่แล้ว กรุณายกเลิกการผูกก่อน",
        "This member is linked to another account of this provider: unlink that one first",
    ),
    "identity_unknown": ("ยังไม่ได้ผูกบัญชีของผู้ให้บริการนี้", "No account of this provider is linked"),
}


class StaffError(ValueError):
    """A change that cannot be made; ``str(error)`` is a plain Thai sentence, ``english`` the same for the command line."""

    def __init__(self, code: str) -> None:
        """``code`` is a key of `_WORDS`."""
        self.code = code
        thai, self.english = _WORDS[code]
        super().__init__(thai)
