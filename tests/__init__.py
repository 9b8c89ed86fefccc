"""The tests mirror tasks_app; who acts in them is in cast.py, the stage in conftest.py."""
