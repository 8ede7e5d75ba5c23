"""A try at a quiz by plain forms, as a browser without scripts takes it."""

from progress.models import Answer, Attempt
from progress.quizzes.paper import Paper
from tests.quizzes import RIGHT


def text(response) -> str:
    return response.content.decode()


def url(attempt: Attempt, position: int) -> str:
    return f"/learn/attempts/{attempt.key}/{position}/"


def begin(client, quiz) -> Attempt:
    answer = client.post(f"/learn/quizzes/{quiz.pk}/start/")
    attempt = Attempt.objects.get(quiz=quiz, finished_at__isnull=True)
    assert answer["Location"] == f"/learn/attempts/{attempt.key}/"
    return attempt


def send(client, attempt: Attempt, position: int, answers: dict = RIGHT):
    kind = Paper(attempt.paper).item(position).kind
    return client.post(url(attempt, position), answers[kind])


def rows() -> list[tuple]:
    return list(Answer.objects.order_by("position").values_list("position", "right"))
