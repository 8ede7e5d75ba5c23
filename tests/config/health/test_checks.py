"""What `manage.py check --deploy` says of the settings of a real site."""

import pytest

from config.health import checks

REAL = {
    "DEMO": False,
    "HTTPS": True,
    "ALLOWED_HOSTS": ["nonghuo.example.cn"],
    "OPERATOR_NAME": "邵阳县农业农村局",
    "OPERATOR_CONTACT": "0739-0000000",
    "SMS_SENDER": "http",
    "SMS_HTTP_URL": "https://sms.example.cn/send",
    "S3_BUCKET": "farm",
    "MEDIA_URL": "https://oss.example.cn/farm/media/",
    "BACKUP_DIR": "/mnt/copies",
    "BACKUP_KEY_FILE": "/etc/newfarmwork.key",
}


@pytest.fixture
def find(settings):
    def find_ids(**changes) -> list[str]:
        for name, value in (REAL | changes).items():
            setattr(settings, name, value)
        found = checks.check_settings()
        assert all(message.msg and message.hint for message in found)
        return [str(message.id) for message in found]

    return find_ids


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({}, []),
        ({"LAW": "own"}, []),
        ({"LAW": "Laos"}, ["config.W012"]),
        ({"OPERATOR_NAME": ""}, ["config.W004"]),
        ({"OPERATOR_CONTACT": ""}, ["config.W004"]),
        ({"HTTPS": False}, ["config.W005"]),
        ({"HTTPS": False, "ALLOWED_HOSTS": ["192.168.1.20", "hall.lan", "localhost"]}, []),
        ({"ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"]}, ["config.W006"]),
        ({"ALLOWED_HOSTS": ["hall.lan"]}, []),
        ({"BACKUP_KEY_FILE": ""}, ["config.W007"]),
        ({"BACKUP_KEY_FILE": "", "BACKUP_DIR": ""}, []),
        ({"SMS_SENDER": "aliyun"}, ["config.W008"]),
        ({"SMS_SENDER": "console"}, ["config.W009"]),
        ({"SMS_HTTP_URL": ""}, ["config.W010"]),
        ({"SMS_HTTP_URL": "sms.example.cn"}, ["config.W010"]),
        ({"SMS_HTTP_URL": "", "SMS_SENDER": "none"}, []),
        ({"MEDIA_URL": "/media/"}, ["config.W011"]),
        ({"MEDIA_URL": "/media/", "S3_BUCKET": ""}, []),
        ({"DEMO": True, "OPERATOR_NAME": "", "SMS_SENDER": "file"}, ["config.W003"]),
    ],
)
def test_setting_that_a_real_site_must_not_have_is_named(find, changes, ids):
    assert find(**changes) == ids


def test_missing_key_file_is_named_with_its_usual_place(settings):
    settings.BACKUP_DIR, settings.BACKUP_KEY_FILE = "/mnt/copies", ""
    [hint] = [message.hint for message in checks.check_settings() if message.id == "config.W007"]
    key = "/etc/newfarmwork/copies.key"
    assert hint == f"manage.py backup --new-key {key}, and set BACKUP_KEY_FILE={key}."
