from media.queue import task


@task()
def make_pictures(photo_id: int) -> bool:
    # Only the worker pays for the picture libraries, and only it lets them near a stranger's file.
    from media import making

    return making.make(photo_id)
