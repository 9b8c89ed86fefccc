"""Holds what import_plan --json says of a file against a description of its right reading (tests/data/cases)."""

import json
from typing import Any

Answer = dict[str, Any]
FIGURES = ("sections", "tasks", "measures", "units", "assignments")
AS_THEY_ARE = ("title", "section", "printed_number", "remarks")


def faults(found: Answer, want: Answer) -> list[str]:
    """Return in what `found` differs from the description `want`, which may leave anything unsaid."""
    tables = found.get("tables", [])
    tasks = [task for table in tables for task in table["tasks"]]
    seen = {key: found.get(key) for key in FIGURES}
    seen |= {"year": tables[0]["year"] if tables else None}
    seen |= {"section_titles": [title for table in tables for title in table["sections"]]}
    bad = [
        f"{key} {seen[key]}, should be {want[key]}" for key in seen if key in want and seen[key] != want[key]
    ]
    for number, expected in enumerate(want.get("task_list", []), start=1):
        if number > len(tasks):
            bad.append(f"task {number} is missing")
        else:
            bad += [f"task {number}: {fault}" for fault in _task_faults(tasks[number - 1], expected)]
    indicators = sum(len(task["indicators"]) for task in tasks)
    if indicators < want.get("indicators_at_least", 0):
        bad.append(f"indicators {indicators}, should be {want['indicators_at_least']} or more")
    messages = " ".join(problem["message"] for problem in found.get("problems", []))
    bad += [f"no problem says {word}" for word in want.get("problem_has", []) if word not in messages]
    bad += [f"a problem says {word}" for word in want.get("problem_not", []) if word in messages]
    whole = json.dumps(found, ensure_ascii=False)
    return bad + [f"{word} stands somewhere" for word in want.get("nowhere", []) if word in whole]


def _task_faults(task: Answer, expected: Answer) -> list[str]:
    seen = {key: task[key] for key in AS_THEY_ARE} | {
        "measures": len(task["measures"]),
        "measure_texts": [measure["text"] for measure in task["measures"]],
        "units": sorted([unit["name"], unit["role"]] for unit in task["units"]),
        "deadlines": sorted(str(each.get("due_on") or each.get("text")) for each in task["deadlines"]),
        "indicators": [
            [each["name"], each["comparator"], each["value"], each["unit"]] for each in task["indicators"]
        ],
    }
    bad = []
    for key, value in expected.items():
        if key == "remarks_has" and value not in task["remarks"]:
            bad.append(f"remarks lack {value}")
        elif key in seen and seen[key] != (sorted(value) if key in ("units", "deadlines") else value):
            bad.append(f"{key} {seen[key]}, should be {value}")
    return bad
