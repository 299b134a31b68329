"""The two banks of the demo."""

from huoke.app.demo.binhai import BINHAI
from huoke.app.demo.plan import DemoBank
from huoke.app.demo.shancheng import SHANCHENG

BANKS: tuple[DemoBank, ...] = (BINHAI, SHANCHENG)
