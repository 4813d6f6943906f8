"""The live room: people play the council, and the debrief sets them beside the model.

A log of what happened is all there is; whoever wants to know how things stand replays it.
"""
