#!/usr/bin/env python3
"""Takes the export as a list. Serve it first:  dotnet run --project samples/Streams -- serve

    python3 samples/Streams/export_to_python.py [port]

depot_client.py beside it was written by `gaw generate python` and needs nothing but Python. With the original gaw installed the same is

    from gaw import GawClient
    GawClient("127.0.0.1", 5555).depot.export()
"""

import sys

from depot_client import Client, Depot

with Client("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 5555) as client:
    items = Depot(client).export()
    print(type(items).__name__, [item.name for item in items])
