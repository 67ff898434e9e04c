"""Say before the tests, plainly, what this machine cannot test."""

from tests.browser import find_chromium
from tests.faketime import find_faketime
from tests.simulator import find_simulator

if find_chromium() is None:
    print("No Chromium here: the tests that drive the page in a browser are skipped.")
    print("Install it (Debian: apt install chromium) to run them too.")
if find_simulator() is None:
    print("No independent Slack simulator here: the test that runs the bot on one is skipped.")
    print("Fetch it (Linux on x86-64, with npm: sh .ci/independent-slack) to run it too.")
if find_faketime() is None:
    print("No libfaketime here: the test that moves the clock under the live bot is skipped.")
    print("Install it (Debian: apt install libfaketime) to run it too.")
