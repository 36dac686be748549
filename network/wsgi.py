"""What the web server runs: `granian --interface wsgi network.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")
application = get_wsgi_application()

# Things from the database point at each other, so only the garbage collector frees them; where
# old objects are many it seldom looks, and 50 MB gather. What is loaded by now stays for good: it
# is put aside, and what grows old beside it is looked at five times as often, at hardly any cost.
gc.collect()
gc.freeze()
gc.collect()  # counts the old ones anew
gc.set_threshold(2000, 10, 2)
