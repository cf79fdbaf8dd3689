"""Runs Python that comes as a JSON string a line, with every model at hand, and answers what its variable `result` is, or
the error's class and text. What one line assigns the next one finds."""

import json
import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()

from django.apps import apps
from django.core.management import call_command
from django.db import transaction

names = {model.__name__: model for model in apps.get_models()}
names |= {"call_command": call_command, "transaction": transaction}
for line in sys.stdin:
    names["result"] = None
    try:
        exec(json.loads(line), names)
        answer = {"result": names["result"]}
    except (Exception, SystemExit) as error:  # some commands exit to say that there is something to do
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer, default=str), flush=True)
