from media.queue import task


@task()
def make_pictures(photo_id: int) -> bool:
    # Only the worker pays for the picture libraries, and only it lets them near a stranger's file.
    from media import making

    return making.make(photo_id)


@task(queue_name="videos")
def make_video(video_id: int) -> bool:
    from media import video_making

    return video_making.make(video_id)


@task()
def make_voice(voice_id: int) -> bool:
    from media import voice_making

    return voice_making.make(voice_id)
