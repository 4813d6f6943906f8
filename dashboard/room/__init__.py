"""The live room: a server of its own, with plain pages for phones, a desk, a board and a debrief."""
