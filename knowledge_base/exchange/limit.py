"""Limits: how much a file may hold before it is read at all. All of it is read in memory."""

from knowledge_base.exchange.problem import Refused, whole

LARGEST = 10 * 1024 * 1024  # bytes of a file
UNPACKED = 48 * 1024 * 1024  # bytes of an XLSX file, which is packed
MOST_FILES = 500  # inside an XLSX file; Excel writes about fifteen
MOST_ROWS = 20_000
MOST_NODES = 300_000  # texts, lists and pairs of a YAML file; as many bytes as allowed hold half of it in FAQs


def too_many_rows() -> Refused:
    """For a file with more rows than one import may have."""
    return whole(f"ไฟล์มีเกิน {MOST_ROWS:,} แถว กรุณาแบ่งเป็นหลายไฟล์")
