"""Two tabs, or a phone that asks again, use one recording at the same moment."""

import threading

import pytest
from django.db import connection

from media.models import Upload
from media.uploads import recordings
from media.uploads.services import add_chunk
from tests.media.uploads.test_recordings import WHOLE, ticket
from tests.media.uploads.test_tus import filler

pytestmark = pytest.mark.both_databases


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_begun_twice_at_once_it_is_one(trainee, empty_storage):
    """A phone whose first answer was lost asks again while the first is still being worked on."""
    leave, start, keys = recordings.read_ticket(ticket(trainee), trainee), threading.Barrier(4), []

    def begin_it() -> None:
        start.wait()
        keys.append(recordings.begin_recording(trainee, leave, None).key)
        connection.close()

    threads = [threading.Thread(target=begin_it) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(keys), len(set(keys)), Upload.objects.count()) == (4, 1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_ended_and_grown_at_once_it_is_whole_or_told(trainee, empty_storage):
    """One tab sends a piece, another says how long it is: whole in the end, with every byte."""
    upload = recordings.begin_recording(trainee, recordings.read_ticket(ticket(trainee), trainee), None)
    add_chunk(Upload.objects.get(), 0, filler(1000))
    start = threading.Barrier(2)

    def grow() -> None:
        start.wait()
        add_chunk(Upload.objects.get(), 1000, bytes(500))
        connection.close()

    def end() -> None:
        start.wait()
        recordings.declare_size(Upload.objects.get(), 1500)
        connection.close()

    threads = [threading.Thread(target=work) for work in (grow, end)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    upload.refresh_from_db()
    assert (upload.state, upload.offset, upload.size) == (WHOLE, 1500, 1500)
