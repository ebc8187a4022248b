"""What is loaded when: without a key, never the client library."""

import subprocess
import sys


def test_the_client_library_is_loaded_only_for_a_brain() -> None:
    program = (
        "import sys, bot.cofounder.model as m\n"
        "assert 'openai' not in sys.modules and 'httpx2' not in sys.modules\n"
        "m.ModelBrain(api_key='k', model='m')\n"
        "assert 'openai' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
