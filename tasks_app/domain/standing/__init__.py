"""Where each task of each unit stands at a moment (立足点): one answer for every page, list, figure and file."""
