"""Those who go on writing while a site is copied."""

from __future__ import annotations

import threading
import time

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.db import connections
from django.test import Client

from accounts.models import User
from media.models import Photo
from media.storages import write_file
from shops.models import Product
from tests.outbox.phone import Phone, event
from tests.shops.orders.order_requests import make_order


class Writers:
    """Buyers who order, a phone that sends events, the worker that finishes photos; until they are stopped."""

    def __init__(self, product: Product, trainee: User, lesson) -> None:
        self.product, self.trainee, self.lesson = product, trainee, lesson
        self.orders: list[str] = []
        self.events: list[str] = []
        self.photos: list[str] = []
        self.stop, self.failures = threading.Event(), []
        self.threads = [
            threading.Thread(target=self.keep, args=[one])
            for one in (self.order, self.send, self.finish_photo)
        ]

    def __enter__(self) -> Writers:
        for thread in self.threads:
            thread.start()
        while not (self.orders and self.events and self.photos) and not self.failures:
            time.sleep(0.02)
        return self

    def __exit__(self, *_error) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()
        assert self.failures == []

    def keep(self, act) -> None:
        try:
            while not self.stop.is_set():
                act()
                time.sleep(0.02)
        except Exception as error:
            self.failures.append(error)
        finally:
            connections.close_all()

    def order(self) -> None:
        self.orders.append(make_order((self.product, 1)).number)

    def send(self) -> None:
        client = Client()
        client.force_login(self.trainee)
        one = event("ask", lesson=self.lesson.pk, text="什么时候剪枝？")
        [(state, reason)] = Phone(client, self.trainee).send(one)
        assert state in ("applied", "aside"), reason
        self.events.append(one["id"])

    def finish_photo(self) -> None:
        """As the worker does: pictures, then the row, then the original goes."""
        photo = Photo(owner=self.trainee, width=320, height=240)
        write_file(storages["intake"], photo.intake_name, ContentFile(b"original " + photo.key.encode()))
        photo.save()
        self.photos.append(photo.key)
        if len(self.photos) > 3:
            done = Photo.objects.get(key=self.photos[-3])
            write_file(default_storage, done.name_at(320), ContentFile(b"picture " + done.key.encode()))
            Photo.objects.filter(pk=done.pk).update(status=Photo.Status.READY)
            storages["intake"].delete(done.intake_name)
