#!/usr/bin/env python3
"""Calls the sample from Python. Serve it first:  gaw samples/MathService --kwargs "hello_msg='hello!'"

    python3 samples/MathService/call_from_python.py [port]

math_client.py beside it was written by `gaw generate python` and needs nothing but Python. With the original gaw installed the same is

    from gaw import GawClient
    GawClient("127.0.0.1", 5555).math_service.plus(10, 20)
"""

import sys

from math_client import Client, GawError, MathService, Towards

with Client("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 5555) as client:
    math = MathService(client)
    print(math.plus(10, 20))
    print(math.divide(17, 5))
    print(math.sum(1, 2, 3.5), math.round(2.5), math.round(2.5, towards=Towards.AWAY))
    try:
        math.divide(1, 0)
    except GawError as error:
        print(error.name)
