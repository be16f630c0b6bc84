"""What the web process loads of LINE: not the SDK, which takes a second and 70 MB."""

import subprocess
import sys


def test_reading_webhooks_does_not_load_the_sdk() -> None:
    code = (
        "import sys; from channels.line.channel import LineChannel; from core.settings import LineAccount\n"
        "LineChannel('main', LineAccount(channel_secret='s', access_token='t'), limit=1).parse({'events': []})\n"
        "print([name for name in sys.modules if name.split('.')[0] in {'linebot', 'PIL'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
