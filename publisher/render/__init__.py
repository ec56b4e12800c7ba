"""Setting an episode in type: from the tree and the templates to the bytes that readers get.

A pure function of a Setting and the templates. The way through: ``gate`` decides what an
audience may see, ``html`` and ``text`` walk the tree, ``theme`` owns the templates; ``mail/``
makes the letter, ``page/`` the pages, ``feed/`` the feeds, ``site/`` the plan of all files of
the reading room; ``renderer`` freezes an Edition.
"""

from publisher.render.renderer import Renderer
from publisher.render.theme import TemplateFault

__all__ = ["Renderer", "TemplateFault"]
