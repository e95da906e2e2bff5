"""A written day played by the real engine: the scenario, a virtual clock, and a fake France of local servers.

`monitor/app.py` wires these to the same catalogue, prober, store and judgement as in real life.
"""
