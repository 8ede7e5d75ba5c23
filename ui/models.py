from django.db import models


class Stamp(models.Model):
    """How many times something that visitors can see has changed, per area of the site.

    A page rendered from an area carries its number in the ETag, so a repeat visit costs one small query.
    """

    name = models.CharField(max_length=20, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class Stamped(models.Model):
    """A row shown on anonymous pages: saving or deleting it moves the stamp of its area."""

    stamp_name: str

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        from ui import stamps

        super().save(*args, **kwargs)
        stamps.bump(self.stamp_name)

    def delete(self, *args, **kwargs):
        from ui import stamps

        deleted = super().delete(*args, **kwargs)
        stamps.bump(self.stamp_name)
        return deleted
