"""Where the review's pages are."""

from starlette.routing import Route

from navis_api.web.pages import Pages
from navis_api.web.review.answer_page import AnswerPages
from navis_api.web.review.desk import Serving
from navis_api.web.review.queue_page import QUEUE, STUCK, QueuePages
from navis_api.web.review.staff_pages import StaffPages
from navis_api.web.session import BrowserSessions

_ANSWER = "/review/answers/{answer_id}/{number}"


def review_routes(serving: Serving, sessions: BrowserSessions, pages: Pages) -> list[Route]:
    """Return the routes of the pages on which answers are reviewed."""
    staff = StaffPages(serving, sessions, pages)
    queue = QueuePages(serving, staff)
    answers = AnswerPages(serving, staff)
    return [
        Route(QUEUE, staff.showing(queue.show)),
        Route(STUCK, staff.showing(queue.show_stuck)),
        Route(_ANSWER, staff.showing(answers.show)),
        Route(f"{_ANSWER}/edit", staff.showing(answers.edit)),
        Route(f"{_ANSWER}/{{step}}", staff.taking(answers.take_step), methods=["POST"]),
        Route(f"{_ANSWER}/{{step}}", staff.showing(answers.back)),
    ]
