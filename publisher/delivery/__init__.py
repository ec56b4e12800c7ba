"""What is due, what is frozen, who gets it: releases and their deliveries, nobody twice."""

from publisher.delivery.dispatch import Dispatch, Rest
from publisher.delivery.due import Decided, decide
from publisher.delivery.office import Office
from publisher.delivery.run import Ran, run_due

__all__ = ["Decided", "Dispatch", "Office", "Ran", "Rest", "decide", "run_due"]
