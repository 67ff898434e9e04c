"""Say before the tests, plainly, what this machine cannot test."""

from tests.browser import find_chromium

if find_chromium() is None:
    print("No Chromium here: the tests that drive the page in a browser are skipped.")
    print("Install it (Debian: apt install chromium) to run them too.")
