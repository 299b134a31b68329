"""Workbook."""


def workbook(found, language):
    raise NotImplementedError
