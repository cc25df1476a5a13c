import json
import logging

import pytest

from config.logs import JsonLine


@pytest.mark.parametrize(
    "address",
    [
        "/welcome/s3cret-token/",
        "/accounts/password/reset/key/1-s3cret-token/",
        "/accounts/confirm-email/s3cret-token/",
    ],
)
def test_log_line_leaves_out_the_secret_of_a_one_time_link(address):
    record = logging.makeLogRecord({"msg": "Forbidden: %s", "args": (address,), "levelname": "WARNING"})

    line = json.loads(JsonLine().format(record))

    assert "s3cret" not in line["message"]
    assert line["message"].startswith("Forbidden: /")


def test_log_line_stays_one_line():
    record = logging.makeLogRecord({"msg": 'a\nb "quoted"', "levelname": "INFO"})

    assert "\n" not in JsonLine().format(record)
