"""The HTTP edge: principals, one transaction a request, lists, results, problems."""

from huoke.kernel.batch import Batchers
from huoke.kernel.http.download import download
from huoke.kernel.http.each import by, each, each_once
from huoke.kernel.http.edge import Edge, check_csrf
from huoke.kernel.http.listing import listings
from huoke.kernel.http.page import (
    Page,
    Reason,
    Result,
    decode_cursor,
    encode_cursor,
    page_limit,
    page_of,
    place_of,
    results,
    sorted_page,
)
from huoke.kernel.http.problem import Problem, problem_of, request_id_of
from huoke.kernel.principal import Credentials, Principal

__all__ = [
    "Batchers",
    "Credentials",
    "Edge",
    "Page",
    "Principal",
    "Problem",
    "Reason",
    "Result",
    "by",
    "check_csrf",
    "decode_cursor",
    "download",
    "each",
    "each_once",
    "encode_cursor",
    "listings",
    "page_limit",
    "page_of",
    "place_of",
    "problem_of",
    "request_id_of",
    "results",
    "sorted_page",
]
